#if defined(__aarch64__)
#include "../shared/vec_neondot.h"
#include "../shared/words_neon.h"
#include "dot_bytes.h"
#endif
