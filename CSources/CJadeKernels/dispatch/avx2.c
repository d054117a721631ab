#if defined(__x86_64__)
#define FROM_l2sq_f32 JADE_OWN(avx2)
#define FROM_dot_f32 JADE_OWN(avx2)
#define FROM_ndot_f32 JADE_OWN(avx2)
#define FROM_cosine_f32 JADE_OWN(avx2)
#define FROM_topk_f32 JADE_OWN(avx2)
#define FROM_crc32c JADE_OWN(avx2)

#include "table.h"
JADE_TABLE(avx2)
#endif
