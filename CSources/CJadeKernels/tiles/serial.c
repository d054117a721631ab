#define JADE_LEVEL serial
#define TILES_MANY serial
#define TILES_SELECT serial
#define TILES_KERNEL tiles_f32
#define TILES_TYPE f32
#define ELEMENT float
#include "by_rows.h"
#undef TILES_KERNEL
#undef TILES_TYPE
#undef ELEMENT
#include "bytes_by_rows.h"
#include "bf16_by_rows.h"
