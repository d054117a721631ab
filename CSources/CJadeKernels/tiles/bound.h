/// From a product to a distance, or to a bound below it: norms * (|q|^2 + |x|^2) + product * (q*x) - slack.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bound {
    float norms, product, slack;
    bool is_l2sq;
};

static inline struct bound bound_value(bool is_l2sq)
{
    return is_l2sq ? (struct bound){1, -2, 0, true} : (struct bound){0, -1, 0, false};
}

/// A sum of d products in f32 is wrong by at most d * 2^-24 of the sum of their magnitudes, which is at most
/// (|q|^2 + |x|^2) / 2. Three such sums make the squared distance and one the distance measured again; the rest is room.
static inline float bound_error(size_t dimension) { return 6 * 0x1p-24f * (float)(dimension + 16); }

/// `is_flushed`: the instruction takes denormal numbers for 0, in what it reads and in what it adds up. What it loses by reading is
/// at most 2^-126 (|q| + |x|) sqrt(d), which the room for the norms covers unless both norms are below 2^-90, where all products
/// are 0 in f32; what it loses by adding up is at most 2^-126 a step, which is the slack.
static inline struct bound bound_below(bool is_l2sq, size_t dimension, bool is_flushed)
{
    float error = bound_error(dimension), slack = is_flushed ? 0x1p-122f * (float)(dimension + 16) : 0;
    return is_l2sq ? (struct bound){1 - error, -2, slack, true} : (struct bound){-error, -1, slack, false};
}
