#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "dot_f32.h"
#endif
