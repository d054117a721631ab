#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"

#include "fastscan_avx512vnni.h"
#endif
