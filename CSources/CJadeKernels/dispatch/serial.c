#define FROM_l2sq_f32 JADE_OWN(serial)
#define FROM_dot_f32 JADE_OWN(serial)
#define FROM_ndot_f32 JADE_OWN(serial)
#define FROM_cosine_f32 JADE_OWN(serial)
#define FROM_topk_f32 JADE_OWN(serial)
#define FROM_crc32c JADE_OWN(serial)

#include "table.h"
JADE_TABLE(serial)
