/// One distance that is a sum of PAIR_STEP(q, x, sum) over floating-point components, at all its shapes. The including
/// header names JADE_KERNEL, ELEMENT (its C type), TYPE (`f32`, `f16`, `bf16`), PAIR_STEP and PAIR_FINISH(total).
#define ONE_ROW ELEMENT
#define WORD PAIR
#define SLOTS 2
#define ROW_BYTES(at) ((at) * sizeof(ELEMENT))
#define LOAD JADE_PASTE(TYPE, _pair)
#define LOAD_PART JADE_PASTE(TYPE, _pair_part)
#define QWORD pair
#define QLOAD(query, at) LOAD((query) + (at))
#define QLOAD_PART(query, at, count) LOAD_PART((query) + (at), count)
#define XWORD pair
#define XLOAD(row, at) LOAD((const ELEMENT *)(row) + (at))
#define XLOAD_PART(row, at, count) LOAD_PART((const ELEMENT *)(row) + (at), count)
#define SUM pair
#define SUM_START(row) pair_zero()
#define STEP PAIR_STEP
#define SUM_ADD pair_add
#define FINISH(sum, prepared, row, dimension) PAIR_FINISH(pair_sum(sum))
#include "rows.h"
#undef LOAD
#undef LOAD_PART
#undef TYPE
