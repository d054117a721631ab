/// Tiles of products of one floating-point type, in f32. The including file has the words of a level and says TILES_KERNEL, ELEMENT,
/// WIDE, ROWS_DEEP, TILES_ONE(family), and for 16-bit floats TILES_WIDEN and TILES_WIDEN_ONE, see `panels.h`.
#include "groups.h"
#include "names.h"

#include "floats.h"
#define TILES_STEP vec_fma
#include "panels.h"

#define ROW_BLOCK 48
#define TILES_ARE_EXACT 0
#define TILES_ARE_FLUSHED false
#define TILES_BEGIN TILES_NOTHING
#define TILES_END TILES_NOTHING
#define TILES_UNROLL JADE_UNROLL
#include "tiles.h"
