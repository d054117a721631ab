/// Tiles of dot products of bytes, both types. The including file has the words of a level and says BYTES_WIDE, BYTES_DEEP, and what
/// `bytes_of_groups.h` or `bytes_of_pairs.h` say: how a group of a row meets a group of queries.
#define TILES_KERNEL tiles_i8
#define ELEMENT int8_t
#define TILES_IS_SIGNED true
#include "tiles_byte.h"

#define TILES_KERNEL tiles_u8
#define ELEMENT uint8_t
#define TILES_IS_SIGNED false
#include "tiles_byte.h"
