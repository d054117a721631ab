/// From two counts to the Jaccard distance.
#pragma once

#include <stdint.h>

/// Two vectors without a bit are the same.
static inline float jaccard_finish(uint32_t both, uint32_t either)
{
    return either == 0 ? 0 : (float)(either - both) / (float)either;
}
