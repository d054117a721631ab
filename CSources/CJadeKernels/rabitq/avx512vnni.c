#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"
#include "codes_512.h"

#include "bits.h"
#include "bytes.h"
#endif
