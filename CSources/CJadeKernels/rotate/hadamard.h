/// Rotation by sign flips and fast Walsh-Hadamard transforms, out of a level's words: LANES, vec_load, vec_store, vec_add, vec_sub,
/// vec_scaled(v, factor), vec_flip(v, signs, at) and vec_hadamard(v), the transform of the lanes of a word.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/target.h"

#define ROTATE_(shape, level) jade_rotate_f32_##shape##_##level
#define ROTATE__(shape, level) ROTATE_(shape, level)
#define ROTATE(shape) ROTATE__(shape, JADE_LEVEL)

JADE_REGION_BEGIN
/// Transforms of two components `h` apart.
JADE_INLINE void rotate_pairs(float *x, size_t n, size_t h)
{
    for (size_t block = 0; block < n; block += 2 * h)
        for (size_t i = block; i < block + h; i += LANES) {
            vec a = vec_load(x + i), b = vec_load(x + i + h);
            vec_store(x + i, vec_add(a, b));
            vec_store(x + i + h, vec_sub(a, b));
        }
}

/// Those at `h` and at 2 `h` in one go: half the loads and stores.
JADE_INLINE void rotate_fours(float *x, size_t n, size_t h)
{
    for (size_t block = 0; block < n; block += 4 * h)
        for (size_t i = block; i < block + h; i += LANES) {
            vec a = vec_load(x + i), b = vec_load(x + i + h), c = vec_load(x + i + 2 * h), d = vec_load(x + i + 3 * h);
            vec sum = vec_add(a, b), difference = vec_sub(a, b), later_sum = vec_add(c, d), later_difference = vec_sub(c, d);
            vec_store(x + i, vec_add(sum, later_sum));
            vec_store(x + i + h, vec_add(difference, later_difference));
            vec_store(x + i + 2 * h, vec_sub(sum, later_sum));
            vec_store(x + i + 3 * h, vec_sub(difference, later_difference));
        }
}

/// Fewer components than a word has.
JADE_INLINE void rotate_few(float *x, size_t n, float factor)
{
    for (size_t h = 1; h < n; h *= 2)
        for (size_t i = 0; i < n; i++) {
            if (i & h) continue;
            float a = x[i], b = x[i + h];
            x[i] = a + b, x[i + h] = a - b;
        }
    for (size_t i = 0; i < n; i++) x[i] *= factor;
}

/// `n` is a power of two.
JADE_INLINE void rotate_transform(float *x, size_t n)
{
    const float factor = (float)(1 / __builtin_sqrt((double)n));
    if (n < LANES) return rotate_few(x, n, factor);
    for (size_t i = 0; i < n; i += LANES) vec_store(x + i, vec_scaled(vec_hadamard(vec_load(x + i)), factor));
    size_t h = LANES;
    for (; 4 * h <= n; h *= 4) rotate_fours(x, n, h);
    if (2 * h <= n) rotate_pairs(x, n, h);
}

JADE_INLINE void rotate_flip(float *x, size_t dimension, const uint8_t *signs)
{
    size_t i = 0;
    for (; i + LANES <= dimension; i += LANES) vec_store(x + i, vec_flip(vec_load(x + i), signs, i));
    for (; i < dimension; i++) x[i] = signs[i / 8] >> i % 8 & 1 ? -x[i] : x[i];
}

/// The largest power of two that is not beyond `dimension`, which is not 0.
JADE_INLINE size_t rotate_block(size_t dimension) { return (size_t)1 << (63 - __builtin_clzll(dimension)); }

void ROTATE(forward)(const struct jade_rotation *rotation, float *vector)
{
    const size_t d = rotation->dimension;
    if (d == 0) return;
    const size_t n = rotate_block(d);
    for (size_t round = 0; round < rotation->rounds; round++) {
        rotate_flip(vector, d, rotation->signs + round * ((d + 7) / 8));
        rotate_transform(vector, n);
        if (n < d) rotate_transform(vector + d - n, n);
    }
}

/// Both a flip and a transform undo themselves.
void ROTATE(inverse)(const struct jade_rotation *rotation, float *vector)
{
    const size_t d = rotation->dimension;
    if (d == 0) return;
    const size_t n = rotate_block(d);
    for (size_t round = rotation->rounds; round-- > 0;) {
        if (n < d) rotate_transform(vector + d - n, n);
        rotate_transform(vector, n);
        rotate_flip(vector, d, rotation->signs + round * ((d + 7) / 8));
    }
}
JADE_REGION_END
