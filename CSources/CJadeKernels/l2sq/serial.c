#include "../dispatch/prototypes.h"
#include "../shared/eight.h"

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
#define ONE l2sq
#include "../shared/serial_f32.h"
