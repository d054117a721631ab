#if defined(__aarch64__)
#include "../shared/vec_neon.h"
#include "codes_neon.h"
#include "encode.h"

JADE_INLINE word word_repeat(const void *p) { return word_load(p); }
enum { RABITQ_WORDS = 4 };

/// A word a plane.
JADE_INLINE void planes_totals(ints counts[][RABITQ_WORDS], const size_t count, uint32_t *out)
{
    JADE_UNROLL for (size_t r = 0; r < count; r++) {
        const ints low = vaddq_u32(counts[r][0], vshlq_n_u32(counts[r][1], 1));
        const ints high = vaddq_u32(vshlq_n_u32(counts[r][2], 2), vshlq_n_u32(counts[r][3], 3));
        out[r] = ints_sum(vaddq_u32(low, high));
    }
}

#include "bits.h"
#include "bytes.h"
#endif
