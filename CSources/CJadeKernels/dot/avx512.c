#if defined(__x86_64__)
#include "../shared/vec_avx512.h"
#include "../shared/codes_avx512.h"
#include "dot_f32.h"
#include "dot_halves.h"
#include "dot_bytes.h"
#include "dot_codes.h"
#endif
