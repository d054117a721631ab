/// One distance between a query of f32 and rows of codes, at all its shapes, first over 8 bits, then over 4. The including
/// header names SQ8_KERNEL, SQ4_KERNEL, PAIR_STEP and PAIR_FINISH(total).
#define JADE_KERNEL SQ8_KERNEL
#define ELEMENT float
#define ONE_ROW void
#define WORD PAIR
#define SLOTS 2
#define ROW_BYTES(at) (CODE_HEAD + (at))
#define QWORD pair
#define QLOAD(query, at) f32_pair((query) + (at))
#define QLOAD_PART(query, at, count) f32_pair_part((query) + (at), count)
#define XWORD pair
#define XLOAD sq8_pair
#define XLOAD_PART sq8_pair_part
#define SUM pair
#define SUM_START(row) pair_zero()
#define STEP PAIR_STEP
#define SUM_ADD pair_add
#define FINISH(sum, prepared, row, dimension) PAIR_FINISH(pair_sum(sum))
#include "rows.h"

#define JADE_KERNEL SQ4_KERNEL
#define ELEMENT float
#define ONE_ROW void
#define WORD PAIR
#define SLOTS 2
#define ROW_BYTES(at) (CODE_HEAD + (at) / 2)
#define QWORD pair
#define QLOAD(query, at) even_odd(f32_pair((query) + (at)))
#define QLOAD_PART(query, at, count) even_odd(f32_pair_part((query) + (at), count))
#define XWORD pair
#define XLOAD sq4_pair
#define XLOAD_PART sq4_pair_part
#define SUM pair
#define SUM_START(row) pair_zero()
#define STEP PAIR_STEP
#define SUM_ADD pair_add
#define FINISH(sum, prepared, row, dimension) PAIR_FINISH(pair_sum(sum))
#include "rows.h"

#undef SQ8_KERNEL
#undef SQ4_KERNEL
