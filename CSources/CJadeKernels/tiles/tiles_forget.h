/// Forgets what a kernel told `tiles.h`, so that the next one in the same file can say its own.
#undef PANEL
#undef TILES_KERNEL
#undef ELEMENT
#undef WIDE
#undef ROWS_DEEP
#undef ROW_BLOCK
#undef TILES_ARE_EXACT
#undef TILES_ARE_FLUSHED
#undef TILES_ONE
#undef TILES_BEGIN
#undef TILES_END
#undef TILES_UNROLL
#undef TILES_TAKE_FEWER
#undef TILES_IS_SIGNED
#undef TILES_MEASURE
#undef TILES_SHAPES
