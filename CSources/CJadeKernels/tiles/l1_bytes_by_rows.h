/// Sums of magnitudes of both byte types out of `by_rows.h`.
#define TILES_KERNEL tiles_l1_i8
#define TILES_TYPE i8
#define ELEMENT int8_t
#define TILES_FIRST l1
#include "by_rows.h"

#define TILES_KERNEL tiles_l1_u8
#define TILES_TYPE u8
#define ELEMENT uint8_t
#define TILES_FIRST l1
#include "by_rows.h"
