/// The 16-bit floating-point types in plain C, by their bits.
#pragma once

#include <stdint.h>
#include <string.h>

static inline float float_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float f32_of_bf16(uint16_t bits) { return float_of_bits((uint32_t)bits << 16); }

/// IEEE 754 binary16. The exponent is moved by a multiplication, which is exact and makes denormals normal.
static inline float f32_of_f16(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, rest = (uint32_t)(bits & 0x7FFF) << 13;
    uint32_t value = bits_of_float(float_of_bits(rest) * 0x1p112f);
    // Infinity and NaN keep an exponent of all ones; a NaN becomes quiet, as in the instructions.
    if (rest >= 0x0F800000) value = rest | 0x7F800000 | (rest > 0x0F800000 ? 0x00400000 : 0);
    return float_of_bits(sign | value);
}
