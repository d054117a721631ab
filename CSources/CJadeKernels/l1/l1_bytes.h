/// The sum of absolute differences of bytes; with 128 added to both, those with a sign are as far apart without one.
#pragma once

#include "../dispatch/prototypes.h"

#define JADE_KERNEL l1_i8
#define ELEMENT int8_t
#define STEP(q, x, sum) ints_u8_l1(sum, i8_biased(q), i8_biased(x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"

#define JADE_KERNEL l1_u8
#define ELEMENT uint8_t
#define STEP(q, x, sum) ints_u8_l1(sum, q, x)
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "../shared/byte_rows.h"
