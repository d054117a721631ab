#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "codes_512.h"
#include "encode.h"

#include "bits.h"
#include "bytes.h"
#endif
