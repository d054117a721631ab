/// Squared Euclidean distance over the vector words of a level.
#pragma once

#include "../include/jade_dispatch.h"
#include "../dispatch/prototypes.h"

JADE_REGION_BEGIN
JADE_INLINE vec l2sq_step(vec q, vec x, vec sum)
{
    vec difference = vec_sub(q, x);
    return vec_fma(difference, difference, sum);
}
JADE_REGION_END

#define STEP l2sq_step
#include "../shared/rows_f32.h"

#define ELEMENT float
#define ONE_ROW float
#define ROW float
#define PREPARED float
#define ONE(a, b, dimension) rows_one(a, b, dimension)
#define PREPARE(query, dimension) 0.0f
#define DISTANCES(query, prepared, rows, ahead, dimension, count, out)                                                 \
    ((void)(prepared), rows_sums(query, rows, ahead, dimension, count, (count) == 1, out))
#define JADE_KERNEL l2sq_f32
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
