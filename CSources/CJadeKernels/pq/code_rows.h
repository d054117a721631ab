/// Rows of product codes in plain C.
#pragma once

#include "../include/jade_pq.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline size_t code_at(const uint8_t *codes, const size_t centroids, size_t j)
{
    if (centroids == JADE_PQ8_CENTROIDS) return codes[j];
    return codes[j / 2] >> (j % 2 ? 4 : 0) & 15;
}

/// Sets the code of subspace `j`, the subspaces before it being set.
static inline void code_set(uint8_t *codes, const size_t centroids, size_t j, size_t code)
{
    if (centroids == JADE_PQ8_CENTROIDS) codes[j] = (uint8_t)code;
    else if (j % 2) codes[j / 2] |= (uint8_t)(code << 4);
    else codes[j / 2] = (uint8_t)code;
}
