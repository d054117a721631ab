#include "../shared/serial_codes.h"
#include "../shared/serial_kernels.h"

static inline float l2sq(const float *a, const float *b, size_t dimension)
{
    float sums[EIGHT] = {0};
    size_t i = 0;
    for (; i + EIGHT <= dimension; i += EIGHT)
        for (size_t lane = 0; lane < EIGHT; lane++) {
            float difference = a[i + lane] - b[i + lane];
            sums[lane] += difference * difference;
        }
    for (size_t lane = 0; i + lane < dimension; lane++) {
        float difference = a[i + lane] - b[i + lane];
        sums[lane] += difference * difference;
    }
    return eight_sum(sums);
}

#define JADE_KERNEL l2sq_f32
#define ELEMENT float
#define ONE_ROW float
#define ONE l2sq
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW

SERIAL_FLOATS(l2sq_of_f16, jade_f16, f32_of_f16, (a - b) * (a - b))
SERIAL_FLOATS(l2sq_of_bf16, jade_bf16, f32_of_bf16, (a - b) * (a - b))
SERIAL_INTS(l2sq_of_i8, int8_t, (a - b) * (a - b))
SERIAL_INTS(l2sq_of_u8, uint8_t, (a - b) * (a - b))

#define JADE_KERNEL l2sq_f16
#define ELEMENT jade_f16
#define ONE_ROW jade_f16
#define ONE l2sq_of_f16
#include "../shared/serial_shapes.h"
#define JADE_KERNEL l2sq_bf16
#define ONE l2sq_of_bf16
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define JADE_KERNEL l2sq_i8
#define ELEMENT int8_t
#define ONE_ROW int8_t
#define ONE (float)l2sq_of_i8
#include "../shared/serial_shapes.h"
#undef ELEMENT
#undef ONE_ROW
#define JADE_KERNEL l2sq_u8
#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define ONE (float)l2sq_of_u8
#include "../shared/serial_shapes.h"

static inline float l2sq_of_sq8(const float *query, const void *row, size_t dimension)
{
    float sums[EIGHT] = {0};
    for (size_t i = 0; i < dimension; i++) {
        float difference = query[i] - sq8_value(row, i);
        sums[i % EIGHT] += difference * difference;
    }
    return eight_sum(sums);
}

static inline float l2sq_of_sq4(const float *query, const void *row, size_t dimension)
{
    float sums[EIGHT] = {0};
    for (size_t i = 0; i < dimension; i++) {
        float difference = query[i] - sq4_value(row, i);
        sums[i % EIGHT] += difference * difference;
    }
    return eight_sum(sums);
}

#undef ELEMENT
#undef ONE_ROW
#define ELEMENT float
#define ONE_ROW void
#define JADE_KERNEL l2sq_sq8
#define ONE l2sq_of_sq8
#include "../shared/serial_shapes.h"
#define JADE_KERNEL l2sq_sq4
#define ONE l2sq_of_sq4
#include "../shared/serial_shapes.h"
