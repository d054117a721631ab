#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"
#include "l1_floats.h"
#include "l1_bytes.h"
#endif
