#include "../dispatch/prototypes.h"
#include "finish.h"

/// The bits of byte `i` that count.
static inline uint8_t valid_bits(size_t dimension, size_t i)
{
    size_t left = dimension - 8 * i;
    return left >= 8 ? 0xFF : (uint8_t)((1u << left) - 1);
}

static inline float hamming(const uint8_t *a, const uint8_t *b, size_t dimension)
{
    uint32_t sum = 0;
    for (size_t i = 0; 8 * i < dimension; i++)
        sum += (uint32_t)__builtin_popcount((a[i] ^ b[i]) & valid_bits(dimension, i));
    return (float)sum;
}

static inline float jaccard(const uint8_t *a, const uint8_t *b, size_t dimension)
{
    uint32_t both = 0, either = 0;
    for (size_t i = 0; 8 * i < dimension; i++) {
        both += (uint32_t)__builtin_popcount(a[i] & b[i] & valid_bits(dimension, i));
        either += (uint32_t)__builtin_popcount((a[i] | b[i]) & valid_bits(dimension, i));
    }
    return jaccard_finish(both, either);
}

#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define JADE_KERNEL hamming_b1
#define ONE hamming
#include "../shared/serial_shapes.h"
#define JADE_KERNEL jaccard_b1
#define ONE jaccard
#include "../shared/serial_shapes.h"
