/// Both byte types out of `by_rows.h`.
#define TILES_KERNEL tiles_i8
#define TILES_TYPE i8
#define ELEMENT int8_t
#include "by_rows.h"

#define TILES_KERNEL tiles_u8
#define TILES_TYPE u8
#define ELEMENT uint8_t
#include "by_rows.h"
