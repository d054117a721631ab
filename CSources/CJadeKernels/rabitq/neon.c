#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "codes_neon.h"
#include "encode.h"

JADE_INLINE word word_repeat(const void *p) { return word_load(p); }
/// A word a plane.
JADE_INLINE uint32_t planes_total(const ints *counts)
{
    const ints low = vaddq_u32(counts[0], vshlq_n_u32(counts[1], 1));
    const ints high = vaddq_u32(vshlq_n_u32(counts[2], 2), vshlq_n_u32(counts[3], 3));
    return ints_sum(vaddq_u32(low, high));
}

#include "bits.h"
#include "bytes.h"
#endif
