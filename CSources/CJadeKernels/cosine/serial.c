#include "../dispatch/prototypes.h"
#include "../shared/eight.h"
#include "finish.h"

static inline float cosine(const float *a, const float *b, size_t dimension)
{
    return cosine_finish(eight_dot(a, b, dimension), eight_dot(a, a, dimension), eight_dot(b, b, dimension));
}

#define JADE_KERNEL cosine_f32
#define ONE cosine
#include "../shared/serial_f32.h"
