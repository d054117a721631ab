#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "cosine_f32.h"
#endif
