#include "../dispatch/prototypes.h"
#include "../shared/eight.h"

static inline float negative_dot(const float *a, const float *b, size_t dimension)
{
    return -eight_dot(a, b, dimension);
}

#define JADE_KERNEL dot_f32
#define ONE eight_dot
#include "../shared/serial_f32.h"
#undef JADE_KERNEL
#undef ONE

#define JADE_KERNEL ndot_f32
#define ONE negative_dot
#include "../shared/serial_f32.h"
