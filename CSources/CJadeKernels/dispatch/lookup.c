#include "../include/jade_dispatch.h"
#include <string.h>

jade_function *jade_kernel_function(uint32_t level, const char *name)
{
    const struct jade_kernels *kernels = jade_kernels_for(level);
    if (!kernels) return NULL;
#define JADE_COMPARE(kernel, shape, result, parameters)                                                                \
    if (strcmp(name, #kernel "_" #shape) == 0) return (jade_function *)kernels->kernel##_##shape;
    JADE_KERNELS(JADE_COMPARE)
    return NULL;
}
