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

/// To the nearest, ties to even; beyond the range infinity. A NaN stays one and becomes quiet.
static inline uint16_t bf16_of_f32(float value)
{
    uint32_t bits = bits_of_float(value);
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
    return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? bits >> 16 | 0x40 : rounded);
}

static inline uint16_t f16_of_f32(float value)
{
    uint32_t bits = bits_of_float(value), sign = bits >> 16 & 0x8000, rest = bits & 0x7FFFFFFF;
    if (rest > 0x7F800000) return (uint16_t)(sign | 0x7E00 | (rest >> 13 & 0x3FF));
    if (rest >= 0x477FF000) return (uint16_t)(sign | 0x7C00);
    // Below the normal numbers an addition lets the processor round: 0.5 has their unit, 2^-24, as its last place.
    if (rest < 0x38800000) return (uint16_t)(sign | (bits_of_float(float_of_bits(rest) + 0.5f) - 0x3F000000));
    return (uint16_t)(sign | ((rest - 0x38000000 + 0xFFF + (rest >> 13 & 1)) >> 13));
}
