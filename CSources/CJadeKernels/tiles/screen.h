/// From a product to a distance, or to a bound below it: norms * (|q|^2 + |x|^2) + product * (q*x).
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct screen {
    float norms, product;
    bool is_l2sq;
};

static inline struct screen screen_value_l2sq(void) { return (struct screen){1, -2, true}; }
static inline struct screen screen_value_ndot(void) { return (struct screen){0, -1, false}; }

/// A sum of d products in f32 is wrong by at most d * 2^-24 of the sum of their magnitudes, which is at most
/// (|q|^2 + |x|^2) / 2. Three such sums make the squared distance and one the distance measured again; the rest is room.
static inline float screen_error(size_t dimension) { return 6 * 0x1p-24f * (float)(dimension + 16); }

static inline struct screen screen_bound_l2sq(size_t dimension)
{
    return (struct screen){1 - screen_error(dimension), -2, true};
}
static inline struct screen screen_bound_ndot(size_t dimension)
{
    return (struct screen){-screen_error(dimension), -1, false};
}
