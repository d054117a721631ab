#if defined(__aarch64__)
#define FROM_l2sq_f32 JADE_OWN(neon)
#define FROM_dot_f32 JADE_OWN(neon)
#define FROM_ndot_f32 JADE_OWN(neon)
#define FROM_cosine_f32 JADE_OWN(neon)
#define FROM_topk_f32 JADE_OWN(neon)
#define FROM_crc32c JADE_OWN(neon)

#include "table.h"
JADE_TABLE(neon)
#endif
