#if defined(__x86_64__)
#include "../shared/vec_avx2.h"
#include "../shared/words_avx2.h"
#include "cosine_f32.h"
#include "cosine_halves.h"
#include "cosine_bytes.h"
#endif
