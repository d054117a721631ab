/// bf16 out of `by_rows.h`.
#define TILES_KERNEL tiles_bf16
#define TILES_TYPE bf16
#define ELEMENT jade_bf16
#include "by_rows.h"
#undef TILES_KERNEL
#undef TILES_TYPE
#undef ELEMENT
