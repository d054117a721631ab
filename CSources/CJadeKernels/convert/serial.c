#include "../dispatch/prototypes.h"
#include "normalize.h"

void jade_f32_to_f16_row_serial(const float *in, size_t count, jade_f16 *out)
{
    for (size_t i = 0; i < count; i++) out[i] = f16_of_f32(in[i]);
}

void jade_f16_to_f32_row_serial(const jade_f16 *in, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++) out[i] = f32_of_f16(in[i]);
}

void jade_f32_to_bf16_row_serial(const float *in, size_t count, jade_bf16 *out)
{
    for (size_t i = 0; i < count; i++) out[i] = bf16_of_f32(in[i]);
}

void jade_bf16_to_f32_row_serial(const jade_bf16 *in, size_t count, float *out)
{
    for (size_t i = 0; i < count; i++) out[i] = f32_of_bf16(in[i]);
}

float jade_normalize_f32_row_serial(const float *in, size_t dimension, float *out)
{
    return normalize(jade_dot_f32_one_serial(in, in, dimension), in, dimension, out);
}
