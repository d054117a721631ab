#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "codes.h"
#endif
