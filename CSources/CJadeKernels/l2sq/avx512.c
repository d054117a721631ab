#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "../shared/codes_avx512.h"
#include "l2sq_f32.h"
#include "l2sq_halves.h"
#include "l2sq_bytes.h"
#include "l2sq_codes.h"
#endif
