#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"
#include "../shared/words_avx512.h"
#include "cosine_bytes.h"
#endif
