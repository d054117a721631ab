/// Products of bytes, exact modulo 2^32, for levels that have none of their own.
#pragma once

#if defined(__x86_64__)
JADE_REGION_BEGIN
JADE_INLINE ints ints_u8_products(ints sum, word a, word b)
{
    return ints_products(ints_products(sum, u8_even(a), u8_even(b)), u8_odd(a), u8_odd(b));
}
JADE_INLINE ints ints_i8_products(ints sum, word a, word b)
{
    return ints_products(ints_products(sum, i8_even(a), i8_even(b)), i8_odd(a), i8_odd(b));
}

#if defined(JADE_HAS_VNNI)
/// Adds a*b of every byte, `a` without a sign and `b` with one.
JADE_INLINE ints ints_mixed(ints sum, word a, word b) { return _mm512_dpbusd_epi32(sum, a, b); }
JADE_INLINE word word_ones(void) { return _mm512_set1_epi8(1); }
/// a + 128 b and a - 128 b in every lane.
JADE_INLINE ints ints_plus_128(ints a, ints b) { return _mm512_add_epi32(a, _mm512_slli_epi32(b, 7)); }
JADE_INLINE ints ints_minus_128(ints a, ints b) { return _mm512_sub_epi32(a, _mm512_slli_epi32(b, 7)); }
#endif
JADE_REGION_END
#endif
