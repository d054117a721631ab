#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/words_neon.h"
#include "l1_floats.h"
#include "l1_bytes.h"
#endif
