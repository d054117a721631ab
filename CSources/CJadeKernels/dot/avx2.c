#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/codes_avx2.h"
#include "dot_f32.h"
#include "dot_halves.h"
#include "dot_bytes.h"
#include "dot_codes.h"
#endif
