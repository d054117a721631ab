#if defined(__aarch64__)
#include "../shared/vec_neondot.h"
#include "../shared/words_neon.h"
#include "l2sq_bytes.h"
#endif
