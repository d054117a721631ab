#include "../shared/serial_kernels.h"
#include <stdlib.h>

SERIAL_FLOATS(l1_of_f32, float, f32_of_f32, __builtin_fabsf(a - b))
SERIAL_FLOATS(l1_of_f16, jade_f16, f32_of_f16, __builtin_fabsf(a - b))
SERIAL_FLOATS(l1_of_bf16, jade_bf16, f32_of_bf16, __builtin_fabsf(a - b))
SERIAL_INTS(l1_of_i8, int8_t, abs(a - b))
SERIAL_INTS(l1_of_u8, uint8_t, abs(a - b))

#define ELEMENT float
#define ONE_ROW float
#define JADE_KERNEL l1_f32
#define ONE l1_of_f32
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT jade_f16
#define ONE_ROW jade_f16
#define JADE_KERNEL l1_f16
#define ONE l1_of_f16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT jade_bf16
#define ONE_ROW jade_bf16
#define JADE_KERNEL l1_bf16
#define ONE l1_of_bf16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT int8_t
#define ONE_ROW int8_t
#define JADE_KERNEL l1_i8
#define ONE (float)l1_of_i8
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define JADE_KERNEL l1_u8
#define ONE (float)l1_of_u8
#include "../shared/serial_shapes.h"
