#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "l2sq_f32.h"
#endif
