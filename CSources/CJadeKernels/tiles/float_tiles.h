/// All floating-point tiles of a level that has no products of 16-bit floats. The including file has the words of the level and says
/// FLOATS_WIDE and FLOATS_DEEP.
#define LEVEL_NAME_(kernel, shape, level) jade_##kernel##_##shape##_##level
#define LEVEL_NAME(kernel, shape, level) LEVEL_NAME_(kernel, shape, level)

#define TILES_KERNEL tiles_f32
#define ELEMENT float
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_ONE(family) LEVEL_NAME(family##_f32, one, JADE_LEVEL)
#include "tiles_panels.h"

#define TILES_KERNEL tiles_f16
#define ELEMENT jade_f16
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_WIDEN LEVEL_NAME(f16_to_f32, row, JADE_LEVEL)
#define TILES_WIDEN_ONE f32_of_f16
#define TILES_ONE(family) LEVEL_NAME(family##_f16, one, JADE_LEVEL)
#include "tiles_panels.h"

#define TILES_KERNEL tiles_bf16
#define ELEMENT jade_bf16
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_WIDEN LEVEL_NAME(bf16_to_f32, row, JADE_LEVEL)
#define TILES_WIDEN_ONE f32_of_bf16
#define TILES_ONE(family) LEVEL_NAME(family##_bf16, one, JADE_LEVEL)
#include "tiles_panels.h"

#define TILES_KERNEL tiles_l1_f32
#define ELEMENT float
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_ONE(family) LEVEL_NAME(family##_f32, one, JADE_LEVEL)
#include "tiles_l1_panels.h"

#define TILES_KERNEL tiles_l1_f16
#define ELEMENT jade_f16
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_WIDEN LEVEL_NAME(f16_to_f32, row, JADE_LEVEL)
#define TILES_WIDEN_ONE f32_of_f16
#define TILES_ONE(family) LEVEL_NAME(family##_f16, one, JADE_LEVEL)
#include "tiles_l1_panels.h"

#define TILES_KERNEL tiles_l1_bf16
#define ELEMENT jade_bf16
#define WIDE FLOATS_WIDE
#define ROWS_DEEP FLOATS_DEEP
#define TILES_WIDEN LEVEL_NAME(bf16_to_f32, row, JADE_LEVEL)
#define TILES_WIDEN_ONE f32_of_bf16
#define TILES_ONE(family) LEVEL_NAME(family##_bf16, one, JADE_LEVEL)
#include "tiles_l1_panels.h"
