#include "../shared/serial_kernels.h"
#include "finish.h"

static inline float cosine(const float *a, const float *b, size_t dimension)
{
    return cosine_finish(eight_dot(a, b, dimension), eight_dot(a, a, dimension), eight_dot(b, b, dimension));
}

#define JADE_KERNEL cosine_f32
#define ELEMENT float
#define ONE_ROW float
#define ONE cosine
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW

SERIAL_FLOATS(dot_of_f16, jade_f16, f32_of_f16, a * b)
SERIAL_FLOATS(dot_of_bf16, jade_bf16, f32_of_bf16, a * b)
SERIAL_INTS(dot_of_i8, int8_t, a * b)
SERIAL_INTS(dot_of_u8, uint8_t, a * b)

static inline float cosine_of_f16(const jade_f16 *a, const jade_f16 *b, size_t dimension)
{
    return cosine_of_sums(dot_of_f16(a, b, dimension), dot_of_f16(a, a, dimension), dot_of_f16(b, b, dimension));
}
static inline float cosine_of_bf16(const jade_bf16 *a, const jade_bf16 *b, size_t dimension)
{
    return cosine_of_sums(dot_of_bf16(a, b, dimension), dot_of_bf16(a, a, dimension), dot_of_bf16(b, b, dimension));
}
static inline float cosine_of_i8(const int8_t *a, const int8_t *b, size_t dimension)
{
    return cosine_of_sums((int32_t)dot_of_i8(a, b, dimension), dot_of_i8(a, a, dimension), dot_of_i8(b, b, dimension));
}
static inline float cosine_of_u8(const uint8_t *a, const uint8_t *b, size_t dimension)
{
    return cosine_of_sums(dot_of_u8(a, b, dimension), dot_of_u8(a, a, dimension), dot_of_u8(b, b, dimension));
}

#define ELEMENT jade_f16
#define ONE_ROW jade_f16
#define JADE_KERNEL cosine_f16
#define ONE cosine_of_f16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT jade_bf16
#define ONE_ROW jade_bf16
#define JADE_KERNEL cosine_bf16
#define ONE cosine_of_bf16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT int8_t
#define ONE_ROW int8_t
#define JADE_KERNEL cosine_i8
#define ONE cosine_of_i8
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define JADE_KERNEL cosine_u8
#define ONE cosine_of_u8
#include "../shared/serial_shapes.h"
