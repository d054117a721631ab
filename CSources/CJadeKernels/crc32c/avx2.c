/// The crc32 instruction of SSE4.2 with carry-less multiplication.
#if defined(__x86_64__)
#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include <immintrin.h>

#define JADE_REGION_BEGIN JADE_TARGET_BEGIN("sse4.2,pclmul")
#define JADE_REGION_END JADE_TARGET_END

JADE_REGION_BEGIN
JADE_INLINE uint64_t crc_eight(uint64_t crc, uint64_t word) { return _mm_crc32_u64(crc, word); }
JADE_INLINE uint32_t crc_byte(uint32_t crc, uint8_t byte) { return _mm_crc32_u8(crc, byte); }
JADE_INLINE uint64_t crc_multiply(uint64_t a, uint32_t b)
{
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)a), _mm_cvtsi32_si128((int)b), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}
JADE_REGION_END

#include "streams.h"

JADE_REGION_BEGIN
uint32_t jade_crc32c_update_avx2(uint32_t crc, const void *bytes, size_t count)
{
    return crc_all(crc, bytes, count);
}
JADE_REGION_END
#endif
