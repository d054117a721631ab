/// The prototypes of every listed kernel at every level.
#pragma once

#include "../include/jade_dispatch.h"

#define JADE_PROTOTYPE_AT(kernel, shape, result, parameters, level) result jade_##kernel##_##shape##_##level parameters;
#define JADE_SERIAL(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, serial)
#define JADE_AVX2(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, avx2)
#define JADE_AVX512(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, avx512)
#define JADE_AVX512VNNI(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, avx512vnni)
#define JADE_ZEN4(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, zen4)
#define JADE_SAPPHIRE(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, sapphire)
#define JADE_NEON(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, neon)
#define JADE_NEONDOT(kernel, shape, result, parameters) JADE_PROTOTYPE_AT(kernel, shape, result, parameters, neondot)

JADE_KERNELS(JADE_SERIAL)
JADE_KERNELS(JADE_AVX2)
JADE_KERNELS(JADE_AVX512)
JADE_KERNELS(JADE_AVX512VNNI)
JADE_KERNELS(JADE_ZEN4)
JADE_KERNELS(JADE_SAPPHIRE)
JADE_KERNELS(JADE_NEON)
JADE_KERNELS(JADE_NEONDOT)
