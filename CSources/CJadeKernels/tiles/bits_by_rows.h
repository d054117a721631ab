/// Bits out of `by_rows.h`.
#define TILES_KERNEL tiles_b1
#define TILES_TYPE b1
#define ELEMENT uint8_t
#define TILES_FIRST hamming
#define TILES_SECOND jaccard
#include "by_rows.h"
