/// Squared Euclidean distance of bytes: the difference fits a byte without its sign, whatever the sign of the components.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/byte_products.h"

JADE_REGION_BEGIN
JADE_INLINE ints squares(ints sum, word distance) { return ints_u8_products(sum, distance, distance); }
JADE_REGION_END

#define JADE_KERNEL l2sq_i8
#define ELEMENT int8_t
#define STEP(q, x, sum) squares(sum, i8_distance(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"

#define JADE_KERNEL l2sq_u8
#define ELEMENT uint8_t
#define STEP(q, x, sum) squares(sum, u8_distance(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"
