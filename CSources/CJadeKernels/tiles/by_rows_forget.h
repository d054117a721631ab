/// Rows of a block, and room for `by_rows.h` to name its functions anew.
#undef BY_ROWS_
#undef BY_ROWS__
#undef BY_ROWS
#undef BY_ROWS_MANY_
#undef BY_ROWS_MANY__
#undef BY_ROWS_MANY
#undef BY_ROWS_SELECT__
#undef BY_ROWS_SELECT_
#undef BY_ROWS_SELECT
#undef BY_ROWS_SHAPES
#undef BY_ROWS_SEARCH
#undef BY_ROWS_SEARCH_
#ifndef BY_ROWS_BLOCK
#define BY_ROWS_BLOCK 64
#endif
