// SHA-256's compression by the processor's own instructions (Intel SHA extensions): two rounds at a time, the message
// schedule four words at a time. The instructions keep the state as {a, b, e, f} and {c, d, g, h}.
#if defined(__x86_64__)
#include <immintrin.h>

#include "rounds.h"

#define JADE_SHANI __attribute__((target("sha,sse4.1,ssse3")))

/// The next four words of the schedule, from the last sixteen.
JADE_SHANI static inline __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

JADE_SHANI void jade_sha256_compress_shani(uint32_t *state, const uint8_t *bytes, size_t blocks) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i abcd = _mm_loadu_si128((const __m128i *)state), efgh = _mm_loadu_si128((const __m128i *)(state + 4));
    __m128i badc = _mm_shuffle_epi32(abcd, 0xB1), hgfe = _mm_shuffle_epi32(efgh, 0x1B);
    __m128i abef = _mm_alignr_epi8(badc, hgfe, 8), cdgh = _mm_blend_epi16(hgfe, badc, 0xF0);
    for (; blocks > 0; blocks--, bytes += 64) {
        const __m128i abef_before = abef, cdgh_before = cdgh;
        __m128i w[4];
        for (int i = 0; i < 4; i++) w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), order);
#pragma clang loop unroll(full)
        for (int quad = 0; quad < 16; quad++) {
            __m128i words = w[quad & 3];
            if (quad >= 4) {
                words = next_words(w[quad & 3], w[(quad + 1) & 3], w[(quad + 2) & 3], w[(quad + 3) & 3]);
                w[quad & 3] = words;
            }
            __m128i keyed = _mm_add_epi32(words, _mm_loadu_si128((const __m128i *)(jade_sha256_constants + 4 * quad)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, keyed);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(keyed, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}
#endif
