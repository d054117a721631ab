/// Between f32 and the 16-bit floats, and vectors to length 1, with the words of a level: F16_FROM(in, out) and
/// F16_TO(in, out) take LANES numbers, the `_PART` forms fewer. Loops without words are the compiler's to widen.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/half.h"
#include "normalize.h"

#define CONVERT_(kernel, level) jade_##kernel##_row_##level
#define CONVERT__(kernel, level) CONVERT_(kernel, level)
#define CONVERT(kernel) CONVERT__(kernel, JADE_LEVEL)

JADE_REGION_BEGIN
void CONVERT(f32_to_f16)(const float *in, size_t count, jade_f16 *out)
{
    size_t i = 0;
    for (; i + LANES <= count; i += LANES) f16_store(vec_load(in + i), out + i, LANES);
    if (i < count) f16_store(vec_load_part(in + i, count - i), out + i, count - i);
}

void CONVERT(f16_to_f32)(const jade_f16 *in, size_t count, float *out)
{
    size_t i = 0;
    for (; i + PAIR <= count; i += PAIR) {
        pair both = f16_pair(in + i);
        vec_store(both.low, out + i, LANES);
        vec_store(both.high, out + i + LANES, LANES);
    }
    if (i == count) return;
    size_t left = count - i;
    pair both = f16_pair_part(in + i, left);
    vec_store(both.low, out + i, left < LANES ? left : LANES);
    if (left > LANES) vec_store(both.high, out + i + LANES, left - LANES);
}

void CONVERT(f32_to_bf16)(const float *in, size_t count, jade_bf16 *out)
{
    for (size_t i = 0; i < count; i++) out[i] = bf16_of_f32(in[i]);
}

void CONVERT(bf16_to_f32)(const jade_bf16 *in, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++) out[i] = f32_of_bf16(in[i]);
}

float CONVERT(normalize_f32)(const float *in, size_t dimension, float *out)
{
    return normalize(CONVERT_DOT(in, in, dimension), in, dimension, out);
}
JADE_REGION_END
