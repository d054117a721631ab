/// Both 16-bit floating-point types out of `by_rows.h`.
#define TILES_KERNEL tiles_f16
#define TILES_TYPE f16
#define ELEMENT jade_f16
#include "by_rows.h"

#define TILES_KERNEL tiles_bf16
#define TILES_TYPE bf16
#define ELEMENT jade_bf16
#include "by_rows.h"
