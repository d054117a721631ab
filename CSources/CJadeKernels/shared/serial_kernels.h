/// What the serial kernels of every family share: sums of a term over the components, in f32 or in whole numbers.
#pragma once

#include "../dispatch/prototypes.h"
#include "eight.h"
#include "half.h"

static inline float f32_of_f32(float value) { return value; }

/// `name` is a sum of `term` over the components a and b, which `widen` gives.
#define SERIAL_FLOATS(name, element, widen, term)                                                                      \
    static inline float name(const element *first, const element *second, size_t dimension)                           \
    {                                                                                                                  \
        float sums[EIGHT] = {0};                                                                                       \
        for (size_t i = 0; i < dimension; i++) {                                                                       \
            float a = widen(first[i]), b = widen(second[i]);                                                           \
            sums[i % EIGHT] += (term);                                                                                 \
        }                                                                                                              \
        return eight_sum(sums);                                                                                        \
    }

/// The same modulo 2^32.
#define SERIAL_INTS(name, element, term)                                                                               \
    static inline uint32_t name(const element *first, const element *second, size_t dimension)                        \
    {                                                                                                                  \
        uint32_t sum = 0;                                                                                              \
        for (size_t i = 0; i < dimension; i++) {                                                                       \
            int32_t a = first[i], b = second[i];                                                                       \
            sum += (uint32_t)(term);                                                                                   \
        }                                                                                                              \
        return sum;                                                                                                    \
    }
