#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/codes_neon.h"
#include "dot_f32.h"
#include "dot_halves.h"
#include "dot_bytes.h"
#include "dot_codes.h"
#endif
