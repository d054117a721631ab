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
#if defined(JADE_HAS_VNNI)
enum { HAMMING_SHORT = 2048, JACCARD_SHORT = 2048 };
#else
enum { HAMMING_SHORT = 1024, JACCARD_SHORT = 2048 };
#endif
#if defined(JADE_HAS_VNNI)
/// Bytes, and a number far too large if there is a rest.
#define BITS_SHORT(bits) ((bits) >> 3 | (bits) << (8 * sizeof(size_t) - 3))
#define BITS_MOST(bits) ((bits) / 8)
#else
#define BITS_SHORT(bits) (bits)
#define BITS_MOST(bits) (bits)
#endif
#define BITS_ARE_SHORT

JADE_INLINE uint32_t bits_of(uint64_t word) { return (uint32_t)_mm_popcnt_u64(word); }

#if defined(JADE_HAS_VNNI)
/// The first `bytes` (at most 16 or 64), zero behind them.
JADE_INLINE __m128i bits_16(const uint8_t *p, size_t bytes) { return _mm_maskz_loadu_epi8((__mmask16)_bzhi_u32(0xFFFF, (uint32_t)bytes), p); }
JADE_INLINE word bits_64(const uint8_t *p, size_t bytes) { return _mm512_maskz_loadu_epi8(_bzhi_u64(~UINT64_C(0), (uint32_t)bytes), p); }

JADE_INLINE __m128i counts_of_64(word counts)
{
    const __m256i half = _mm256_add_epi64(_mm512_castsi512_si256(counts), _mm512_extracti64x4_epi64(counts, 1));
    return _mm_add_epi64(_mm256_castsi256_si128(half), _mm256_extracti128_si256(half, 1));
}
/// Both lanes of 64 bits together; the counts in them fit 32.
JADE_INLINE __m128i counts_total(__m128i counts) { return _mm_add_epi64(counts, _mm_unpackhi_epi64(counts, counts)); }

/// Keeps the compiler from joining the ends of several ways, which would cost each of them a jump.
#define BITS_APART(way, number) __asm__("# " way : "+x"(number))

JADE_INLINE __m128 counts_number(__m128i counts) { return _mm_cvtepi32_ps(counts_total(counts)); }

/// The bits that differ in `whole` words and in what comes behind them.
JADE_INLINE __m128 hamming_words(const uint8_t *a, const uint8_t *b, const size_t whole, size_t bytes)
{
    const size_t at = whole * WORD_BYTES, left = bytes - at;
    ints sum = _mm512_popcnt_epi64(word_xor(bits_64(a + at, left), bits_64(b + at, left)));
    JADE_UNROLL for (size_t w = 0; w < whole; w++)
        sum = ints_bits(sum, word_xor(word_load(a + w * WORD_BYTES), word_load(b + w * WORD_BYTES)));
    return counts_number(counts_of_64(sum));
}

JADE_INLINE float hamming_short(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    __m128 number;
    if (bytes <= WORD_BYTES) {
        number = hamming_words(a, b, 0, bytes);
        BITS_APART("0", number);
        return _mm_cvtss_f32(number);
    }
    if (bytes <= 2 * WORD_BYTES) {
        number = hamming_words(a, b, 1, bytes);
        BITS_APART("1", number);
        return _mm_cvtss_f32(number);
    }
    if (bytes <= 3 * WORD_BYTES) {
        number = hamming_words(a, b, 2, bytes);
        BITS_APART("2", number);
        return _mm_cvtss_f32(number);
    }
    return _mm_cvtss_f32(hamming_words(a, b, 3, bytes));
}

/// Bits that differ in the lower halves of the lanes, those of either in the upper. What both have never comes up; as in
/// `jaccard_finish` it is 0 by at least 1 where there is no bit.
JADE_INLINE __m128 jaccard_number(__m128i counts)
{
    const __m128 numbers = counts_number(counts);
    return _mm_div_ss(numbers, _mm_max_ss(_mm_movehdup_ps(numbers), _mm_set_ss(1)));
}

JADE_INLINE __m128 jaccard_16(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    const __m128i x = bits_16(a, bytes), y = bits_16(b, bytes);
    const __m128i differ = _mm_popcnt_epi64(_mm_xor_si128(x, y)), either = _mm_popcnt_epi64(_mm_or_si128(x, y));
    return jaccard_number(_mm_or_si128(differ, _mm_slli_epi64(either, 32)));
}

/// As `hamming_words`.
JADE_INLINE __m128 jaccard_words(const uint8_t *a, const uint8_t *b, const size_t whole, size_t bytes)
{
    const size_t at = whole * WORD_BYTES, left = bytes - at;
    const word x = bits_64(a + at, left), y = bits_64(b + at, left);
    ints differ = _mm512_popcnt_epi64(word_xor(x, y)), either = _mm512_popcnt_epi64(word_or(x, y));
    JADE_UNROLL for (size_t w = 0; w < whole; w++) {
        const word v = word_load(a + w * WORD_BYTES), u = word_load(b + w * WORD_BYTES);
        differ = ints_bits(differ, word_xor(v, u)), either = ints_bits(either, word_or(v, u));
    }
    return jaccard_number(counts_of_64(_mm512_or_si512(differ, _mm512_slli_epi64(either, 32))));
}

JADE_INLINE float jaccard_short(const uint8_t *a, const uint8_t *b, size_t bytes)
{
    __m128 number;
    if (bytes <= 16) {
        number = jaccard_16(a, b, bytes);
        BITS_APART("16", number);
        return _mm_cvtss_f32(number);
    }
    if (bytes <= WORD_BYTES) {
        number = jaccard_words(a, b, 0, bytes);
        BITS_APART("0", number);
        return _mm_cvtss_f32(number);
    }
    if (bytes <= 2 * WORD_BYTES) {
        number = jaccard_words(a, b, 1, bytes);
        BITS_APART("1", number);
        return _mm_cvtss_f32(number);
    }
    if (bytes <= 3 * WORD_BYTES) {
        number = jaccard_words(a, b, 2, bytes);
        BITS_APART("2", number);
        return _mm_cvtss_f32(number);
    }
    return _mm_cvtss_f32(jaccard_words(a, b, 3, bytes));
}
#else
/// The sum over a vector's lanes costs more than counting 64 bits at a time.
JADE_INLINE uint64_t bits_word(const uint8_t *p)
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
    if (bytes >= 8) word = bits_word(p + bytes - 8) >> (at - 8 * (bytes - 8));
    else memcpy(&word, p, bytes);
    return _bzhi_u64(word, (uint32_t)(bits - at));
}

JADE_INLINE float hamming_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    uint32_t sum = 0;
    size_t at = 0;
    JADE_ONE_BY_ONE for (; at + 64 <= bits; at += 64) sum += bits_of(bits_word(a + at / 8) ^ bits_word(b + at / 8));
    if (at < bits) sum += bits_of(bits_last(a, at, bits) ^ bits_last(b, at, bits));
    return (float)sum;
}

JADE_INLINE float jaccard_short(const uint8_t *a, const uint8_t *b, size_t bits)
{
    uint32_t both = 0, either = 0;
    size_t at = 0;
    JADE_ONE_BY_ONE for (; at + 64 <= bits; at += 64) {
        uint64_t x = bits_word(a + at / 8), y = bits_word(b + at / 8);
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
#define SHORT_FITS(bits) (BITS_SHORT(bits) <= BITS_MOST(HAMMING_SHORT))
#define SHORT_MANY
#define SHORT_ONE(a, b, bits) hamming_short(a, b, BITS_SHORT(bits))
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
#define SHORT_FITS(bits) (BITS_SHORT(bits) <= BITS_MOST(JACCARD_SHORT))
#define SHORT_MANY
#define SHORT_ONE(a, b, bits) jaccard_short(a, b, BITS_SHORT(bits))
#endif
#define SLOTS 2
#define SUM overlap
#define SUM_START(row) overlap_zero()
#define SUM_ADD overlap_add
#define STEP overlap_step
#define FINISH(sum, prepared, row, dimension) jaccard_finish(ints_sum((sum).both), ints_sum((sum).either))
#include "bits_rows.h"
