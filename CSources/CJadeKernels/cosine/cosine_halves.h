/// Cosine distance of 16-bit floats, widened to f32: a row's norm is summed together with its product.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/prefetch.h"
#include "finish.h"

JADE_REGION_BEGIN
typedef struct {
    pair dot, norm;
} cosine_pairs;

JADE_INLINE cosine_pairs cosine_pairs_zero(void) { return (cosine_pairs){pair_zero(), pair_zero()}; }
JADE_INLINE cosine_pairs cosine_pairs_step(pair q, pair x, cosine_pairs sum)
{
    return (cosine_pairs){pair_dot(q, x, sum.dot), pair_dot(x, x, sum.norm)};
}
JADE_INLINE float cosine_pairs_finish(cosine_pairs sum, float query_norm)
{
    return cosine_finish(pair_sum(sum.dot), query_norm, pair_sum(sum.norm));
}
JADE_INLINE float cosine_pairs_one(cosine_pairs sum, pair own)
{
    float sums[3];
    vec_sums(vec_add(sum.dot.low, sum.dot.high), vec_add(own.low, own.high), vec_add(sum.norm.low, sum.norm.high), sums);
    return cosine_finish(sums[0], sums[1], sums[2]);
}
JADE_REGION_END

#define JADE_KERNEL cosine_f16
#define ELEMENT jade_f16
#define HALVES_LOAD(p) f16_pair(p)
#define HALVES_LOAD_PART(p, count) f16_pair_part(p, count)
#include "cosine_pairs.h"

#define JADE_KERNEL cosine_bf16
#define ELEMENT jade_bf16
#define HALVES_LOAD(p) bf16_pair(p)
#define HALVES_LOAD_PART(p, count) bf16_pair_part(p, count)
#include "cosine_pairs.h"
