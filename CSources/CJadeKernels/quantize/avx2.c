#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "codes.h"
#endif
