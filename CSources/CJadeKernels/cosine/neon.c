#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "../shared/words_neon.h"
#include "cosine_f32.h"
#include "cosine_halves.h"
#include "cosine_bytes.h"
#endif
