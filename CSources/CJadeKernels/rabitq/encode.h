/// Codes of rows and queries in plain loops, which the compiler widens to a level's registers.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include <string.h>

#define RABITQ_(type, shape, level) jade_f32_to_##type##_##shape##_##level
#define RABITQ__(type, shape, level) RABITQ_(type, shape, level)
#define RABITQ(type, shape) RABITQ__(type, shape, JADE_LEVEL)

JADE_REGION_BEGIN
/// Separate sums, because one chain of additions cannot be widened. SCALES are how many factors t are tried.
enum { RABITQ_LANES = 16, RABITQ_SCALES = 16, RABITQ_PLANE = 16, RABITQ_CHUNK = 128 };

typedef struct {
    float lanes[RABITQ_LANES];
} rabitq_sum;

JADE_INLINE float rabitq_total(const rabitq_sum *sum)
{
    double total = 0;
    for (size_t lane = 0; lane < RABITQ_LANES; lane++) total += (double)sum->lanes[lane];
    return (float)total;
}

JADE_INLINE float rabitq_dot(const float *a, const float *b, size_t dimension)
{
    rabitq_sum sum = {{0}};
    size_t i = 0;
    for (; i + RABITQ_LANES <= dimension; i += RABITQ_LANES)
        for (size_t lane = 0; lane < RABITQ_LANES; lane++) sum.lanes[lane] += a[i + lane] * b[i + lane];
    for (; i < dimension; i++) sum.lanes[i % RABITQ_LANES] += a[i] * b[i];
    return rabitq_total(&sum);
}

/// The least and the largest component; a sum that is not finite if any component is not.
struct rabitq_range {
    float low, high, check;
};

JADE_INLINE struct rabitq_range rabitq_measure(const float *in, size_t dimension)
{
    rabitq_sum check = {{0}}, low, high;
    for (size_t lane = 0; lane < RABITQ_LANES; lane++) low.lanes[lane] = high.lanes[lane] = dimension ? in[0] : 0;
    size_t i = 0;
    for (; i + RABITQ_LANES <= dimension; i += RABITQ_LANES)
        for (size_t lane = 0; lane < RABITQ_LANES; lane++) {
            const float x = in[i + lane];
            low.lanes[lane] = x < low.lanes[lane] ? x : low.lanes[lane];
            high.lanes[lane] = x > high.lanes[lane] ? x : high.lanes[lane];
            check.lanes[lane] += x * 0;
        }
    for (; i < dimension; i++) {
        low.lanes[0] = in[i] < low.lanes[0] ? in[i] : low.lanes[0];
        high.lanes[0] = in[i] > high.lanes[0] ? in[i] : high.lanes[0];
        check.lanes[0] += in[i] * 0;
    }
    for (size_t lane = 1; lane < RABITQ_LANES; lane++) {
        low.lanes[0] = low.lanes[lane] < low.lanes[0] ? low.lanes[lane] : low.lanes[0];
        high.lanes[0] = high.lanes[lane] > high.lanes[0] ? high.lanes[lane] : high.lanes[0];
    }
    return (struct rabitq_range){low.lanes[0], high.lanes[0], rabitq_total(&check)};
}

/// To the nearest within 0 ... `top`; `x` is finite or infinite, not NaN.
JADE_INLINE float rabitq_rounded(float x, float top)
{
    const float positive = x > 0 ? x + 0.5f : 0;
    return (float)(int32_t)(positive < top ? positive : top);
}

JADE_INLINE float rabitq_half(const unsigned bits) { return (float)((1u << bits) - 1) / 2; }

/// The number that component `x` stands for when multiplied by `factor`.
JADE_INLINE float rabitq_number(float x, float factor, const unsigned bits)
{
    if (bits == 1) return x < 0 ? -0.5f : 0.5f;
    return rabitq_rounded(x * factor + rabitq_half(bits), 2 * rabitq_half(bits)) - rabitq_half(bits);
}

/// <y, r> and <y, y> with a factor.
struct rabitq_products {
    float row, own;
};

JADE_INLINE struct rabitq_products rabitq_try(const float *in, size_t dimension, float factor, const unsigned bits)
{
    rabitq_sum row = {{0}}, own = {{0}};
    size_t i = 0;
    for (; i + RABITQ_LANES <= dimension; i += RABITQ_LANES)
        for (size_t lane = 0; lane < RABITQ_LANES; lane++) {
            const float y = rabitq_number(in[i + lane], factor, bits);
            row.lanes[lane] += y * in[i + lane];
            own.lanes[lane] += y * y;
        }
    for (; i < dimension; i++) {
        const float y = rabitq_number(in[i], factor, bits);
        row.lanes[i % RABITQ_LANES] += y * in[i];
        own.lanes[i % RABITQ_LANES] += y * y;
    }
    return (struct rabitq_products){rabitq_total(&row), rabitq_total(&own)};
}

/// The factor that gives the smallest angle. The first lets the largest component take the outermost number; larger ones cut off
/// more and more of the largest components, which pays while few of them are that large.
JADE_INLINE float rabitq_factor(const float *in, size_t dimension, float largest, const unsigned bits)
{
    const float first = rabitq_half(bits) / largest, step = bits == 8 ? 1.0f / 128 : bits <= 3 ? 1.0f / 8 : 1.0f / 16;
    if (bits == 1) return first;
    float best = first, best_cosine = 0;
    for (int scale = 0; scale < RABITQ_SCALES; scale++) {
        const float factor = first * (1 + step * (float)scale);
        const struct rabitq_products products = rabitq_try(in, dimension, factor, bits);
        const float cosine = products.row / __builtin_sqrtf(products.own);
        if (cosine > best_cosine) best_cosine = cosine, best = factor;
    }
    return best;
}

/// Bit `bit` of eight bytes, the first byte's lowest. Each byte's bit is multiplied to its place in the uppermost byte.
JADE_INLINE uint8_t rabitq_plane_byte(const uint8_t *codes, uint32_t bit)
{
    uint64_t eight;
    memcpy(&eight, codes, sizeof eight);
    return (uint8_t)((eight >> bit & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56);
}

/// `width` bits from bit `shift` on of 128 codes, in groups of 16 bytes; where they end.
JADE_INLINE uint8_t *rabitq_pack_part(const uint8_t *codes, const unsigned width, const unsigned shift, uint8_t *out)
{
    const size_t group = RABITQ_PLANE * 8 / width;
    for (size_t i = 0; i < RABITQ_CHUNK; i++) {
        const uint8_t part = (uint8_t)(codes[i] >> shift & ((1u << width) - 1));
        out[i / group * RABITQ_PLANE + i % RABITQ_PLANE] |= (uint8_t)(part << (i % group / RABITQ_PLANE * width));
    }
    return out + RABITQ_CHUNK * width / 8;
}

/// 128 codes, zeros where the vector ends before; their sum. `out` is zero.
JADE_INLINE uint32_t rabitq_pack(const uint8_t *codes, const unsigned bits, uint8_t *out)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < RABITQ_CHUNK; i++) sum += codes[i];
    for (size_t i = 0; bits == 1 && i < RABITQ_CHUNK / 8; i++) out[i] = rabitq_plane_byte(codes + 8 * i, 0);
    for (size_t i = 0; bits == 4 && i < RABITQ_CHUNK / 2; i++) out[i] = (uint8_t)(codes[i] | codes[RABITQ_CHUNK / 2 + i] << 4);
    if (bits == 1 || bits == 4 || bits == 8) return sum;
    if (bits & 4) out = rabitq_pack_part(codes, 4, bits - 4, out);
    if (bits & 2) out = rabitq_pack_part(codes, 2, bits & 1, out);
    if (bits & 1) rabitq_pack_part(codes, 1, 0, out);
    return sum;
}

/// The sum of a row's codes, which are zeros when it starts.
JADE_INLINE uint32_t rabitq_write(const float *in, size_t dimension, float factor, const unsigned bits, uint8_t *out)
{
    uint32_t sum = 0;
    for (size_t at = 0; at < dimension; at += RABITQ_CHUNK) {
        uint8_t codes[RABITQ_CHUNK] = {0};
        const size_t count = dimension - at < RABITQ_CHUNK ? dimension - at : RABITQ_CHUNK;
        for (size_t i = 0; i < count; i++)
            codes[i] = (uint8_t)(int32_t)(rabitq_number(in[at + i], factor, bits) + rabitq_half(bits));
        sum += rabitq_pack(codes, bits, out + at * bits / 8);
        if (bits == 8) memcpy(out + at, codes, count);
    }
    return sum;
}

JADE_INLINE float rabitq_add(const struct jade_rabitq *space, const float *in, float squared, bool is_row)
{
    if (space->metric == JADE_RABITQ_L2SQ) return squared;
    if (!space->center) return 0;
    const float own = is_row ? rabitq_dot(space->center, space->center, space->dimension) : 0;
    return -rabitq_dot(in, space->center, space->dimension) - own;
}

JADE_INLINE void rabitq_row(const struct jade_rabitq *space, const float *in, const unsigned bits, size_t bytes, void *row)
{
    struct jade_rabitq_head head = {0};
    const size_t d = space->dimension;
    const struct rabitq_range range = rabitq_measure(in, d);
    const float squared = rabitq_dot(in, in, d), largest = range.high > -range.low ? range.high : -range.low;
    memset(row, 0, bytes);
    head.add = rabitq_add(space, in, squared, true);
    // So small that its inverse is infinite is as good as the centre.
    const bool has_direction = squared > 0 && 255 / largest < __builtin_inff();
    if (range.check != 0 || !(squared < __builtin_inff())) {
        head.add = __builtin_nanf("");
    } else if (has_direction) {
        const float factor = rabitq_factor(in, d, largest, bits);
        const struct rabitq_products products = rabitq_try(in, d, factor, bits);
        head.sum = (float)rabitq_write(in, d, factor, bits, (uint8_t *)row + sizeof head);
        const double cosine2 = (double)products.row * (double)products.row / ((double)products.own * (double)squared);
        const double sine2 = cosine2 < 1 ? 1 - cosine2 : 0, spread = sine2 / (cosine2 * (double)(d > 1 ? d - 1 : 1));
        const float times = space->metric == JADE_RABITQ_L2SQ ? 2 : 1;
        head.scale = -times * squared / products.row;
        head.error = times * (float)__builtin_sqrt((double)squared * spread);
    }
    memcpy(row, &head, sizeof head);
}

/// What queries of all rows have in common; whether the query can be compared at all.
JADE_INLINE bool rabitq_query(const struct jade_rabitq *space, const float *in, const struct rabitq_range *range,
                              struct jade_rabitq_query *query)
{
    const float squared = rabitq_dot(in, in, space->dimension);
    const bool is_finite = range->check == 0 && squared < __builtin_inff();
    query->add = is_finite ? rabitq_add(space, in, squared, false) : __builtin_nanf("");
    query->error = is_finite ? space->epsilon * (float)__builtin_sqrt((double)squared) : 0;
    query->low = query->step = query->bias = 0;
    query->sum = 0;
    return is_finite;
}

JADE_INLINE void rabitq_planes(const struct jade_rabitq *space, const float *in, uint32_t bits, struct jade_rabitq_query *query)
{
    const size_t d = space->dimension;
    const struct rabitq_range range = rabitq_measure(in, d);
    uint8_t *planes = query->codes;
    query->bits = bits < 1 ? 1 : bits > 8 ? 8 : bits;
    const size_t chunk_bytes = query->bits > 4 ? 8 * RABITQ_PLANE : 4 * RABITQ_PLANE;
    memset(planes, 0, jade_rabitq1_query_bytes(d, query->bits));
    if (!rabitq_query(space, in, &range, query)) return;
    const float top = (float)((1u << query->bits) - 1), width = range.high - range.low, factor = top / width;
    query->low = range.low;
    query->step = width > 0 && factor < __builtin_inff() ? width / top : 0;
    uint32_t sum = 0;
    for (size_t at = 0; at < d && query->step > 0; at += RABITQ_CHUNK, planes += chunk_bytes) {
        uint8_t codes[RABITQ_CHUNK] = {0};
        const size_t count = d - at < RABITQ_CHUNK ? d - at : RABITQ_CHUNK;
        for (size_t i = 0; i < count; i++)
            codes[i] = (uint8_t)(int32_t)rabitq_rounded((in[at + i] - range.low) * factor, top);
        for (size_t i = 0; i < RABITQ_CHUNK; i++) sum += codes[i];
        for (uint32_t bit = 0; bit < query->bits; bit++)
            for (size_t i = 0; i < RABITQ_PLANE; i++) planes[bit * RABITQ_PLANE + i] = rabitq_plane_byte(codes + 8 * i, bit);
    }
    query->bias = 0.5f * ((float)d * query->low + query->step * (float)sum);
}

/// Signed bytes, from -127 to 127.
JADE_INLINE void rabitq_bytes(const struct jade_rabitq *space, const float *in, const unsigned row_bits, size_t bytes,
                              struct jade_rabitq_query *query)
{
    const size_t d = space->dimension;
    const struct rabitq_range range = rabitq_measure(in, d);
    const float largest = range.high > -range.low ? range.high : -range.low, factor = 127 / largest;
    int8_t *codes = query->codes;
    memset(codes, 0, bytes);
    query->bits = 8;
    if (!rabitq_query(space, in, &range, query) || !(factor < __builtin_inff()) || !(largest > 0)) return;
    query->step = largest / 127;
    int32_t sum = 0;
    for (size_t i = 0; i < d; i++) codes[i] = (int8_t)((int32_t)rabitq_rounded(in[i] * factor + 127, 254) - 127);
    for (size_t i = 0; i < d; i++) sum += codes[i];
    query->sum = sum;
    query->bias = rabitq_half(row_bits) * query->step * (float)query->sum;
}

#define RABITQ_ROW(type, bits)                                                                                         \
    void RABITQ(type, row)(const struct jade_rabitq *space, const float *in, void *row)                                \
    {                                                                                                                  \
        rabitq_row(space, in, bits, jade_##type##_bytes(space->dimension), row);                                       \
    }
#define RABITQ_BYTES(type, row_bits)                                                                                   \
    void RABITQ(type, query)(const struct jade_rabitq *space, const float *in, uint32_t bits,                          \
                             struct jade_rabitq_query *query)                                                          \
    {                                                                                                                  \
        (void)bits;                                                                                                    \
        rabitq_bytes(space, in, row_bits, jade_##type##_query_bytes(space->dimension), query);                         \
    }
RABITQ_ROW(rabitq1, 1)
RABITQ_ROW(rabitq2, 2)
RABITQ_ROW(rabitq3, 3)
RABITQ_ROW(rabitq4, 4)
RABITQ_ROW(rabitq5, 5)
RABITQ_ROW(rabitq6, 6)
RABITQ_ROW(rabitq7, 7)
RABITQ_ROW(rabitq8, 8)
RABITQ_BYTES(rabitq2, 2)
RABITQ_BYTES(rabitq3, 3)
RABITQ_BYTES(rabitq4, 4)
RABITQ_BYTES(rabitq5, 5)
RABITQ_BYTES(rabitq6, 6)
RABITQ_BYTES(rabitq7, 7)
RABITQ_BYTES(rabitq8, 8)

void RABITQ(rabitq1, query)(const struct jade_rabitq *space, const float *in, uint32_t bits, struct jade_rabitq_query *query)
{
    rabitq_planes(space, in, bits, query);
}
JADE_REGION_END
