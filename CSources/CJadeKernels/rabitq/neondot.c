#if defined(__aarch64__)
#include "../shared/vec_neondot.h"
#include "codes_neon.h"
#include "bytes.h"
#endif
