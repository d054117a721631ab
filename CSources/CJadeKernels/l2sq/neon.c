#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/codes_neon.h"
#include "l2sq_f32.h"
#include "l2sq_halves.h"
#include "l2sq_bytes.h"
#include "l2sq_codes.h"
#endif
