#include "../shared/serial_codes.h"
#include "../shared/serial_kernels.h"

static inline float negative_dot(const float *a, const float *b, size_t dimension)
{
    return -eight_dot(a, b, dimension);
}

#define JADE_KERNEL dot_f32
#define ELEMENT float
#define ONE_ROW float
#define ONE eight_dot
#include "../shared/serial_shapes.h"

#define JADE_KERNEL ndot_f32
#define ONE negative_dot
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW

SERIAL_FLOATS(dot_of_f16, jade_f16, f32_of_f16, a * b)
SERIAL_FLOATS(dot_of_bf16, jade_bf16, f32_of_bf16, a * b)
SERIAL_INTS(dot_of_i8, int8_t, a * b)
SERIAL_INTS(dot_of_u8, uint8_t, a * b)

#define ELEMENT jade_f16
#define ONE_ROW jade_f16
#define JADE_KERNEL dot_f16
#define ONE dot_of_f16
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_f16
#define ONE -dot_of_f16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT jade_bf16
#define ONE_ROW jade_bf16
#define JADE_KERNEL dot_bf16
#define ONE dot_of_bf16
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_bf16
#define ONE -dot_of_bf16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT int8_t
#define ONE_ROW int8_t
#define JADE_KERNEL dot_i8
#define ONE (float)(int32_t)dot_of_i8
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_i8
#define ONE -(float)(int32_t)dot_of_i8
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define JADE_KERNEL dot_u8
#define ONE (float)dot_of_u8
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_u8
#define ONE -(float)dot_of_u8
#include "../shared/serial_shapes.h"

static inline float dot_of_sq8(const float *query, const void *row, size_t dimension)
{
    float sums[EIGHT] = {0};
    for (size_t i = 0; i < dimension; i++) {
        sums[i % EIGHT] += query[i] * sq8_value(row, i);
    }
    return eight_sum(sums);
}

static inline float dot_of_sq4(const float *query, const void *row, size_t dimension)
{
    float sums[EIGHT] = {0};
    for (size_t i = 0; i < dimension; i++) {
        sums[i % EIGHT] += query[i] * sq4_value(row, i);
    }
    return eight_sum(sums);
}

#undef ELEMENT
#undef ONE_ROW
#define ELEMENT float
#define ONE_ROW void
#define JADE_KERNEL dot_sq8
#define ONE dot_of_sq8
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_sq8
#define ONE -dot_of_sq8
#include "../shared/serial_shapes.h"
#define JADE_KERNEL dot_sq4
#define ONE dot_of_sq4
#include "../shared/serial_shapes.h"
#define JADE_KERNEL ndot_sq4
#define ONE -dot_of_sq4
#include "../shared/serial_shapes.h"
