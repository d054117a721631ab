/// The tables that `dispatch/<level>.c` define. Internal: callers go through jade_kernels_for.
#pragma once

#include "../include/jade_dispatch.h"

#define JADE_DECLARE_TABLE(level)                                                                                      \
    extern const struct jade_kernels jade_kernels_##level;                                                             \
    extern const struct jade_kernel_origin jade_origins_##level[];
JADE_LEVELS(JADE_DECLARE_TABLE)
