/// A vector to length 1, given its squared norm in f32.
#pragma once

#include "../shared/half.h"
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/// In double, for squares beyond the range of f32 or so small that they lose digits.
static inline double norm_in_double(const float *in, size_t dimension)
{
    double sum = 0;
    for (size_t i = 0; i < dimension; i++) sum += (double)in[i] * (double)in[i];
    return __builtin_sqrt(sum);
}

static inline __attribute__((always_inline)) float normalize(float squared, const float *in, size_t dimension, float *out)
{
    bool is_safe = squared > 1e-30f && squared < 1e38f;
    double norm = is_safe ? __builtin_sqrt((double)squared) : norm_in_double(in, dimension);
    // Zero has no direction, and neither has what is not finite.
    bool has_direction = norm > 0 && norm < (double)__builtin_inff();
    if (has_direction && is_safe) {
        const float factor = (float)(1 / norm);
        for (size_t i = 0; i < dimension; i++) out[i] = in[i] * factor;
    } else {
        for (size_t i = 0; i < dimension; i++) out[i] = has_direction ? (float)((double)in[i] / norm) : in[i];
    }
    return (float)norm;
}
