/// Hamming and Jaccard distance of bits.
#pragma once

#include "../dispatch/prototypes.h"
#include "finish.h"

JADE_REGION_BEGIN
/// The first `bits` (1 to 8 * WORD_BYTES - 1); what else the last byte holds does not count.
JADE_INLINE word bits_part(const uint8_t *p, size_t bits)
{
    size_t whole = bits / 8, rest = bits % 8;
    if (rest == 0) return word_load_part(p, whole);
#define EDGE(rest) [rest] = {[0 ... WORD_BYTES - 1] = 0xFF, [WORD_BYTES] = (1u << (rest)) - 1}
    static const uint8_t edges[8][2 * WORD_BYTES] = {EDGE(1), EDGE(2), EDGE(3), EDGE(4), EDGE(5), EDGE(6), EDGE(7)};
#undef EDGE
    const word bytes = whole + 1 == WORD_BYTES ? word_load(p) : word_load_part(p, whole + 1);
    return word_and(bytes, word_load(edges[rest] + WORD_BYTES - whole));
}

typedef struct {
    ints both, either;
} overlap;

JADE_INLINE overlap overlap_zero(void) { return (overlap){ints_zero(), ints_zero()}; }
JADE_INLINE overlap overlap_add(overlap a, overlap b)
{
    return (overlap){ints_add(a.both, b.both), ints_add(a.either, b.either)};
}
JADE_INLINE overlap overlap_step(word q, word x, overlap sum)
{
    return (overlap){ints_bits(sum.both, word_and(q, x)), ints_bits(sum.either, word_or(q, x))};
}
#if defined(__x86_64__)
/// Pairs of this few bits skip the partial sums of `rows.h`.
enum { SHORT_BITS = 1024 };
#define BITS_ARE_SHORT

JADE_INLINE uint32_t bits_of(uint64_t word) { return (uint32_t)_mm_popcnt_u64(word); }

#if defined(JADE_HAS_VNNI)
JADE_INLINE float hamming_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    const size_t bytes = bits / 8;
    size_t at = 0;
    ints sum = ints_zero();
    JADE_ONE_BY_ONE for (; at + WORD_BYTES <= bytes; at += WORD_BYTES)
        sum = ints_bits(sum, word_xor(word_load(a + at), word_load(b + at)));
    if (at < bytes) {
        const __mmask64 rest = _bzhi_u64(~UINT64_C(0), (uint32_t)(bytes - at));
        sum = ints_bits(sum, word_xor(_mm512_maskz_loadu_epi8(rest, a + at), _mm512_maskz_loadu_epi8(rest, b + at)));
    }
    uint32_t total = (uint32_t)_mm512_reduce_add_epi64(sum);
    if (__builtin_expect(bits % 8 != 0, 0)) total += bits_of(_bzhi_u64(a[bytes] ^ b[bytes], (uint32_t)(bits % 8)));
    return (float)total;
}

JADE_INLINE float jaccard_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    const size_t bytes = bits / 8;
    size_t at = 0;
    overlap sum = overlap_zero();
    JADE_ONE_BY_ONE for (; at + WORD_BYTES <= bytes; at += WORD_BYTES)
        sum = overlap_step(word_load(a + at), word_load(b + at), sum);
    if (at < bytes) {
        const __mmask64 rest = _bzhi_u64(~UINT64_C(0), (uint32_t)(bytes - at));
        sum = overlap_step(_mm512_maskz_loadu_epi8(rest, a + at), _mm512_maskz_loadu_epi8(rest, b + at), sum);
    }
    uint64_t x = 0, y = 0;
    if (bits % 8) x = _bzhi_u64(a[bytes], (uint32_t)(bits % 8)), y = _bzhi_u64(b[bytes], (uint32_t)(bits % 8));
    // Lanes are of 64 bits and their counts small, so both sums fit one lane.
    const ints counts = _mm512_or_si512(sum.both, _mm512_slli_epi64(sum.either, 32));
    const uint64_t total = (uint64_t)_mm512_reduce_add_epi64(counts);
    return jaccard_finish((uint32_t)total + bits_of(x & y), (uint32_t)(total >> 32) + bits_of(x | y));
}
#else
/// The sum over a vector's lanes costs more than counting 64 bits at a time.
JADE_INLINE uint64_t bits_64(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/// The components from `at`, a multiple of 64, to the last of `bits`, fewer than 64. Nothing outside of the vector is read.
JADE_INLINE uint64_t bits_last(const uint8_t *p, size_t at, size_t bits)
{
    const size_t bytes = (bits + 7) / 8;
    uint64_t word = 0;
    if (bytes >= 8) word = bits_64(p + bytes - 8) >> (at - 8 * (bytes - 8));
    else memcpy(&word, p, bytes);
    return _bzhi_u64(word, (uint32_t)(bits - at));
}

JADE_INLINE float hamming_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    uint32_t sum = 0;
    size_t at = 0;
    JADE_ONE_BY_ONE for (; at + 64 <= bits; at += 64) sum += bits_of(bits_64(a + at / 8) ^ bits_64(b + at / 8));
    if (at < bits) sum += bits_of(bits_last(a, at, bits) ^ bits_last(b, at, bits));
    return (float)sum;
}

JADE_INLINE float jaccard_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    uint32_t both = 0, either = 0;
    size_t at = 0;
    JADE_ONE_BY_ONE for (; at + 64 <= bits; at += 64) {
        uint64_t x = bits_64(a + at / 8), y = bits_64(b + at / 8);
        both += bits_of(x & y), either += bits_of(x | y);
    }
    if (at < bits) {
        uint64_t x = bits_last(a, at, bits), y = bits_last(b, at, bits);
        both += bits_of(x & y), either += bits_of(x | y);
    }
    return jaccard_finish(both, either);
}
#endif
#endif
JADE_REGION_END

#define JADE_KERNEL hamming_b1
#ifdef BITS_ARE_SHORT
#define SHORT SHORT_BITS
#define SHORT_ONE hamming_short
#endif
#define SLOTS 4
#define SUM ints
#define SUM_START(row) ints_zero()
#define SUM_ADD ints_add
#define STEP(q, x, sum) ints_bits(sum, word_xor(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "bits_rows.h"

#define JADE_KERNEL jaccard_b1
#ifdef BITS_ARE_SHORT
#define SHORT (2 * SHORT_BITS)
#define SHORT_ONE jaccard_short
#endif
#define SLOTS 2
#define SUM overlap
#define SUM_START(row) overlap_zero()
#define SUM_ADD overlap_add
#define STEP overlap_step
#define FINISH(sum, prepared, row, dimension) jaccard_finish(ints_sum((sum).both), ints_sum((sum).either))
#include "bits_rows.h"
