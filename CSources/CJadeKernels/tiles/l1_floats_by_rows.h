/// Sums of magnitudes of all floating-point types out of `by_rows.h`.
#define TILES_KERNEL tiles_l1_f32
#define TILES_TYPE f32
#define ELEMENT float
#define TILES_FIRST l1
#include "by_rows.h"

#define TILES_KERNEL tiles_l1_f16
#define TILES_TYPE f16
#define ELEMENT jade_f16
#define TILES_FIRST l1
#include "by_rows.h"

#define TILES_KERNEL tiles_l1_bf16
#define TILES_TYPE bf16
#define ELEMENT jade_bf16
#define TILES_FIRST l1
#include "by_rows.h"
