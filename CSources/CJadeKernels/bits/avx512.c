#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "../shared/words_avx512.h"
#include "bits_b1.h"
#endif
