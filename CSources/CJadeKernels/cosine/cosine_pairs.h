/// One cosine kernel over pairs; included once per element type.
#define ONE_ROW ELEMENT
#define WORD PAIR
#define SLOTS 1
#define ROW_BYTES(at) ((at) * sizeof(ELEMENT))
#define QWORD pair
#define QLOAD(query, at) HALVES_LOAD((query) + (at))
#define QLOAD_PART(query, at, count) HALVES_LOAD_PART((query) + (at), count)
#define XWORD pair
#define XLOAD(row, at) HALVES_LOAD((const ELEMENT *)(row) + (at))
#define XLOAD_PART(row, at, count) HALVES_LOAD_PART((const ELEMENT *)(row) + (at), count)
#define SUM cosine_pairs
#define SUM_START(row) cosine_pairs_zero()
#define STEP cosine_pairs_step
#define SUM_ADD(a, b) (a)
#define FINISH(sum, prepared, row, dimension) cosine_pairs_finish(sum, prepared)
#define FINISH_ONE(sum, own, row, dimension) cosine_pairs_one(sum, own)
#define OWN pair
#define OWN_START pair_zero()
#define OWN_STEP(q, own) pair_dot(q, q, own)
#define OWN_ADD(a, b) (a)
#define PREPARED float
#define OWN_FINISH(own, dimension) pair_sum(own)
#include "../shared/rows.h"
#undef HALVES_LOAD
#undef HALVES_LOAD_PART
