#if defined(__x86_64__)
#define FROM_l2sq_f32 JADE_OWN(avx512)
#define FROM_dot_f32 JADE_OWN(avx512)
#define FROM_ndot_f32 JADE_OWN(avx512)
#define FROM_cosine_f32 JADE_OWN(avx512)
#define FROM_topk_f32 JADE_OWN(avx512)
// The crc32 instruction is bound by its own rate; wider registers do not help the sizes that are hashed here.
#define FROM_crc32c JADE_INHERIT(avx2)

#include "table.h"
JADE_TABLE(avx512)
#endif
