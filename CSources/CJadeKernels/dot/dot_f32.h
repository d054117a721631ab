/// The dot product and its negative, which is a distance, over the vector words of a level.
#pragma once

#include "../include/jade_dispatch.h"
#include "../dispatch/prototypes.h"

#define STEP vec_fma
#include "../shared/rows_f32.h"

#define PREPARE(query, dimension) 0.0f

#define ELEMENT float
#define ONE_ROW float
#define ROW float
#define PREPARED float
#define ONE(a, b, dimension) rows_one(a, b, dimension)
#define DISTANCES(query, prepared, rows, ahead, dimension, count, out)                                                 \
    ((void)(prepared), rows_sums(query, rows, ahead, dimension, count, (count) == 1, out))
#define JADE_KERNEL dot_f32
#include "../shared/shapes.h"
#undef JADE_KERNEL
#undef DISTANCES
#undef ONE

JADE_REGION_BEGIN
JADE_INLINE void rows_negative(const float *query, const float *const *rows, const char *const *ahead, size_t dimension,
                               const size_t count, float *out)
{
    float sums[ROWS];
    rows_sums(query, rows, ahead, dimension, count, count == 1, sums);
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = -sums[r];
}
JADE_REGION_END

#define ONE(a, b, dimension) -rows_one(a, b, dimension)
#define DISTANCES(query, prepared, rows, ahead, dimension, count, out)                                                 \
    ((void)(prepared), rows_negative(query, rows, ahead, dimension, count, out))
#define JADE_KERNEL ndot_f32
#include "../shared/shapes.h"
#undef ELEMENT
#undef ONE_ROW
#undef ROW
#undef PREPARED
#undef ONE
#undef PREPARE
#undef DISTANCES
#undef JADE_KERNEL
#undef STEP
