/// Eight partial sums in plain C.
#pragma once

#include <stddef.h>

enum { EIGHT = 8 };

static inline float eight_sum(const float *sums)
{
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

static inline float eight_dot(const float *a, const float *b, size_t dimension)
{
    float sums[EIGHT] = {0};
    size_t i = 0;
    for (; i + EIGHT <= dimension; i += EIGHT)
        for (size_t lane = 0; lane < EIGHT; lane++) sums[lane] += a[i + lane] * b[i + lane];
    for (size_t lane = 0; i + lane < dimension; lane++) sums[lane] += a[i + lane] * b[i + lane];
    return eight_sum(sums);
}
