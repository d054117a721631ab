#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/words_neon.h"
#include "bits_b1.h"
#endif
