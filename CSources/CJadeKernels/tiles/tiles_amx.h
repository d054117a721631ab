/// Products of 32 rows with 32 queries by AMX: two tiles of rows, read where they lie, two of a panel's queries, four of sums. A
/// step takes 64 bytes of every vector. What is left of rows at their end, and rows behind the last, are copied to memory of full
/// size first, so nothing behind a row is read and one configuration serves all.
///
/// Included once per kernel, before `tiles.h`: TILES_KERNEL, ELEMENT, and AMX_PRODUCTS(sum, a, b).
JADE_REGION_BEGIN
/// The 64 bytes from `from` on of `rows` (1 to 32) rows of `length` bytes, zeroes where there are none.
static __attribute__((noinline)) void OWN(stage)(const char *row, size_t stride_bytes, size_t rows, size_t from, size_t length,
                                                 char *stage)
{
    const size_t present = length - from < AMX_ROW_BYTES ? length - from : AMX_ROW_BYTES;
    memset(stage, 0, ROWS_DEEP * AMX_ROW_BYTES);
    for (size_t r = 0; r < rows; r++) memcpy(stage + r * AMX_ROW_BYTES, row + r * stride_bytes + from, present);
}

/// One step: `row` are 64 bytes of the first of 32 rows, `own` a panel's next 16 groups.
JADE_INLINE void OWN(step)(const char *row, size_t stride_bytes, const char *own, const size_t wide)
{
    const size_t panel_stride = WIDE * LANES * GROUP;
    amx_load(4, row, stride_bytes);
    amx_load(5, row + AMX_ROWS * stride_bytes, stride_bytes);
    amx_load(6, own, panel_stride);
    AMX_PRODUCTS(0, 4, 6);
    AMX_PRODUCTS(1, 5, 6);
    if (wide == 1) return;
    amx_load(7, own + AMX_ROW_BYTES, panel_stride);
    AMX_PRODUCTS(2, 4, 7);
    AMX_PRODUCTS(3, 5, 7);
}

JADE_INLINE void OWN(products)(const char *panel, const char *row, size_t stride_bytes, size_t dimension, const size_t deep,
                               size_t rows, const size_t wide, OWN(sum) sums[][WIDE])
{
    (void)deep;
    const size_t length = dimension * sizeof(ELEMENT), step_bytes = AMX_ROW_BYTES * WIDE * LANES;
    _Alignas(64) char stage[ROWS_DEEP * AMX_ROW_BYTES];
    amx_zero(0);
    amx_zero(1);
    amx_zero(2);
    amx_zero(3);
    for (size_t k = 0; k < length; k += AMX_ROW_BYTES, panel += step_bytes) {
        if (rows == ROWS_DEEP && k + AMX_ROW_BYTES <= length) {
            OWN(step)(row + k, stride_bytes, panel, wide);
        } else {
            OWN(stage)(row, stride_bytes, rows, k, length, stage);
            OWN(step)(stage, AMX_ROW_BYTES, panel, wide);
        }
    }
    const size_t line = WIDE * sizeof sums[0][0];
    amx_store(0, &sums[0][0], line);
    amx_store(1, &sums[AMX_ROWS][0], line);
    if (wide == 1) return;
    amx_store(2, &sums[0][1], line);
    amx_store(3, &sums[AMX_ROWS][1], line);
}
JADE_REGION_END

#define ROW_BLOCK 64
#define TILES_TAKE_FEWER
#define TILES_BEGIN amx_begin
#define TILES_END amx_release
#define TILES_UNROLL
#include "tiles.h"
