/// Codes of f32 vectors in plain loops, which the compiler widens to a level's registers; every level gives the same codes.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include <math.h>
#include <string.h>

#define QUANTIZE_(kernel, level) jade_##kernel##_row_##level
#define QUANTIZE__(kernel, level) QUANTIZE_(kernel, level)
#define QUANTIZE(kernel) QUANTIZE__(kernel, JADE_LEVEL)

JADE_REGION_BEGIN
enum { QUANTIZE_LANES = 16 };

/// The least and the largest component, and a sum that is not finite if any component is not. Separate lanes, because one
/// chain of comparisons cannot be widened.
struct range {
    float low, high, check;
};

JADE_INLINE struct range quantize_range(const float *in, size_t dimension)
{
    float low[QUANTIZE_LANES], high[QUANTIZE_LANES], check[QUANTIZE_LANES] = {0};
    for (size_t lane = 0; lane < QUANTIZE_LANES; lane++) low[lane] = __builtin_inff(), high[lane] = -__builtin_inff();
    size_t i = 0;
    for (; i + QUANTIZE_LANES <= dimension; i += QUANTIZE_LANES)
        for (size_t lane = 0; lane < QUANTIZE_LANES; lane++) {
            float x = in[i + lane];
            low[lane] = x < low[lane] ? x : low[lane];
            high[lane] = x > high[lane] ? x : high[lane];
            check[lane] += x * 0;
        }
    for (; i < dimension; i++) {
        low[0] = in[i] < low[0] ? in[i] : low[0];
        high[0] = in[i] > high[0] ? in[i] : high[0];
        check[0] += in[i] * 0;
    }
    for (size_t lane = 1; lane < QUANTIZE_LANES; lane++) {
        low[0] = low[lane] < low[0] ? low[lane] : low[0];
        high[0] = high[lane] > high[0] ? high[lane] : high[0];
        check[0] += check[lane];
    }
    return (struct range){low[0], high[0], check[0]};
}

/// Writes the head for codes 0 ... `top` and returns what a component's distance from the least one is multiplied by; 0 if
/// all codes are 0.
JADE_INLINE float quantize_head(const float *in, size_t dimension, float top, struct jade_code_head *head)
{
    struct range range = quantize_range(in, dimension);
    float width = range.high - range.low;
    if (dimension == 0) {
        *head = (struct jade_code_head){0, 0};
    } else if (range.check != 0 || !(width < __builtin_inff())) {
        *head = (struct jade_code_head){0, __builtin_nanf("")};
    } else {
        *head = (struct jade_code_head){width / top, range.low};
        // Narrower than f32 can divide: one value for all.
        float factor = top / width;
        if (width > 0 && factor < __builtin_inff()) return factor;
        head->scale = 0;
    }
    return 0;
}

/// Half is added and the rest cut off; both numbers are finite and the difference is not negative.
JADE_INLINE uint8_t quantize_code(float x, float low, float factor, float top)
{
    float code = (x - low) * factor + 0.5f;
    return (uint8_t)(int32_t)(code < top ? code : top);
}

void QUANTIZE(f32_to_sq8)(const float *in, size_t dimension, void *row)
{
    struct jade_code_head head;
    const float factor = quantize_head(in, dimension, 255, &head);
    uint8_t *codes = (uint8_t *)row + sizeof head;
    memcpy(row, &head, sizeof head);
    if (factor == 0) memset(codes, 0, dimension);
    else
        for (size_t i = 0; i < dimension; i++) codes[i] = quantize_code(in[i], head.offset, factor, 255);
}

void QUANTIZE(f32_to_sq4)(const float *in, size_t dimension, void *row)
{
    struct jade_code_head head;
    const float factor = quantize_head(in, dimension, 15, &head);
    uint8_t *codes = (uint8_t *)row + sizeof head;
    memcpy(row, &head, sizeof head);
    memset(codes, 0, (dimension + 1) / 2);
    if (factor == 0) return;
    for (size_t i = 0; i < dimension / 2; i++)
        codes[i] = (uint8_t)(quantize_code(in[2 * i], head.offset, factor, 15) |
                             quantize_code(in[2 * i + 1], head.offset, factor, 15) << 4);
    if (dimension % 2) codes[dimension / 2] = quantize_code(in[dimension - 1], head.offset, factor, 15);
}

void QUANTIZE(sq8_to_f32)(const void *row, size_t dimension, float *out)
{
    const struct jade_code_head head = *(const struct jade_code_head *)row;
    const uint8_t *codes = (const uint8_t *)row + sizeof head;
    for (size_t i = 0; i < dimension; i++) out[i] = head.offset + head.scale * (float)codes[i];
}

void QUANTIZE(sq4_to_f32)(const void *row, size_t dimension, float *out)
{
    const struct jade_code_head head = *(const struct jade_code_head *)row;
    const uint8_t *codes = (const uint8_t *)row + sizeof head;
    for (size_t i = 0; i < dimension / 2; i++) {
        out[2 * i] = head.offset + head.scale * (float)(codes[i] & 15);
        out[2 * i + 1] = head.offset + head.scale * (float)(codes[i] >> 4);
    }
    if (dimension % 2) out[dimension - 1] = head.offset + head.scale * (float)(codes[dimension / 2] & 15);
}

void QUANTIZE(f32_to_i8)(const float *in, float step, size_t dimension, int8_t *out)
{
    const float factor = step > 0 && 1 / step < __builtin_inff() ? 1 / step : 0;
    for (size_t i = 0; i < dimension; i++) {
        float code = in[i] * factor;
        code = code == code ? code : 0;
        code = code < 127 ? code : 127;
        code = code > -127 ? code : -127;
        out[i] = (int8_t)(int32_t)(code + (code < 0 ? -0.5f : 0.5f));
    }
}

void QUANTIZE(i8_to_f32)(const int8_t *in, float step, size_t dimension, float *out)
{
    for (size_t i = 0; i < dimension; i++) out[i] = step * (float)in[i];
}
JADE_REGION_END
