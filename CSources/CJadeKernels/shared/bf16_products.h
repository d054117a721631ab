/// The instruction of `bf16_rows.h`.
#pragma once

#include "words_avx512.h"

JADE_REGION_BEGIN
JADE_INLINE vec bf16_products(word a, word b, vec sum) { return _mm512_dpbf16_ps(sum, (__m512bh)a, (__m512bh)b); }
JADE_REGION_END
