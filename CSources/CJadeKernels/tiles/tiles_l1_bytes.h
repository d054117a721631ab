/// Tiles of sums of magnitudes of both byte types. The including file has the words of a level and says L1_WIDE and L1_DEEP.
#include "eights.h"

#define TILES_KERNEL tiles_l1_i8
#define ELEMENT int8_t
#define EIGHTS_BIAS UINT64_C(0x8080808080808080)
#include "tiles_l1_byte.h"

#define TILES_KERNEL tiles_l1_u8
#define ELEMENT uint8_t
#define EIGHTS_BIAS 0
#include "tiles_l1_byte.h"
