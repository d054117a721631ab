#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "codes.h"
#endif
