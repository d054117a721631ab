/// Conversions, scalar quantization and its distances at every level, between guard pages.
#include "check.h"

static const size_t dimensions[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65, 100, 129, 384, 784};

static uint32_t bits_of(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return bits;
}

static float from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, 4);
    return x;
}

static double f16_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    double magnitude = exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024 + mantissa, exponent - 25);
    return bits >> 15 ? -magnitude : magnitude;
}

/// Every 16-bit float to f32 and back, and the numbers halfway between two of them.
static void check_floats(const struct jade_kernels *k)
{
    enum { ALL = 65536 };
    static uint16_t halves[ALL], back[ALL];
    static float wide[ALL], middle[ALL];
    for (uint32_t i = 0; i < ALL; i++) halves[i] = (uint16_t)i;
    k->f16_to_f32_row(halves, ALL, wide);
    k->f32_to_f16_row(wide, ALL, back);
    for (uint32_t i = 0; i < ALL; i++) {
        bool is_nan = (i & 0x7FFF) > 0x7C00;
        CHECK(is_nan ? isnan(wide[i]) : (i & 0x7FFF) == 0x7C00 ? isinf(wide[i]) : wide[i] == f16_value((uint16_t)i), "%x", i);
        CHECK(back[i] == (is_nan ? i | 0x200 : i), "%x became %x", i, back[i]);
        if ((i & 0x7FFF) < 0x7BFF) middle[i] = (float)((f16_value((uint16_t)i) + f16_value((uint16_t)(i + 1))) / 2);
    }
    k->f32_to_f16_row(middle, ALL, back);
    for (uint32_t i = 0; i < ALL; i++)
        if ((i & 0x7FFF) < 0x7BFF) CHECK(back[i] == (i & 1 ? i + 1 : i), "%x and a half became %x", i, back[i]);
    k->bf16_to_f32_row(halves, ALL, wide);
    k->f32_to_bf16_row(wide, ALL, back);
    for (uint32_t i = 0; i < ALL; i++) {
        CHECK(bits_of(wide[i]) == i << 16, "bf16 %x", i);
        CHECK(back[i] == (isnan(wide[i]) ? i | 0x40 : i), "bf16 %x became %x", i, back[i]);
        middle[i] = from_bits(i << 16 | 0x8000);
    }
    k->f32_to_bf16_row(middle, ALL, back);
    for (uint32_t i = 0; i < ALL; i++)
        if ((i & 0x7FFF) < 0x7F80) CHECK(back[i] == (i & 1 ? i + 1 : i), "bf16 %x and a half became %x", i, back[i]);
    const float edges[] = {65519.0f, 65520.0f, 1e30f, 0x1p-25f, 0x1.000002p-25f, -0.0f, 0x1.FFp-15f};
    const uint16_t want[] = {0x7BFF, 0x7C00, 0x7C00, 0, 1, 0x8000, 0x03FE};
    k->f32_to_f16_row(edges, 6, back);
    for (int i = 0; i < 6; i++) CHECK(back[i] == want[i], "%g became %x", edges[i], back[i]);
}

static void check_guarded_floats(const struct jade_kernels *k, size_t d)
{
    float *in = guarded(4 * d), *out = guarded(4 * d);
    uint16_t *halves = guarded(2 * d);
    for (size_t i = 0; i < d; i++) in[i] = random_float();
    k->f32_to_f16_row(in, d, halves);
    k->f16_to_f32_row(halves, d, out);
    for (size_t i = 0; i < d; i++) CHECK(fabsf(in[i] - out[i]) <= 0x1p-11f * fabsf(in[i]) + 0x1p-25f, "%zu of %zu", i, d);
    k->f32_to_bf16_row(in, d, halves);
    k->bf16_to_f32_row(halves, d, out);
    for (size_t i = 0; i < d; i++) CHECK(fabsf(in[i] - out[i]) <= 0x1p-8f * fabsf(in[i]), "%zu of %zu", i, d);
}

static void check_length(const struct jade_kernels *k, size_t d)
{
    float *in = guarded(4 * d), *out = guarded(4 * d);
    for (int round = 0; round < 4; round++) {
        const float scale = (float[]){1, 1e-30f, 1e30f, 0}[round];
        double want = 0, length = 0;
        for (size_t i = 0; i < d; i++) in[i] = random_float() * scale, want += (double)in[i] * in[i];
        float got = k->normalize_f32_row(in, d, out);
        CHECK(fabs(got - sqrt(want)) <= 2e-6 * sqrt(want), "length %g of %zu", got, d);
        for (size_t i = 0; i < d; i++) length += (double)out[i] * out[i];
        CHECK(got == 0 ? length == 0 : fabs(sqrt(length) - 1) < 1e-6, "%zu at %g: %g", d, scale, length);
    }
    if (d == 0) return;
    in[d - 1] = NAN;
    CHECK(isnan(k->normalize_f32_row(in, d, out)) && memcmp(in, out, 4 * d) == 0, "NaN at %zu", d);
}

static void check_codes(const struct jade_kernels *k, size_t d, unsigned bits)
{
    const struct jade_kernels *plain = jade_kernels_for(JADE_LEVEL_serial);
    size_t size = (8 + (bits == 8 ? d : (d + 1) / 2) + 3) / 4 * 4, used = bits == 8 ? jade_sq8_bytes(d) : jade_sq4_bytes(d);
    float *in = guarded(4 * d), *out = guarded(4 * d), *query = guarded(4 * d), distances[2][5];
    char *row = guarded(used), *other = guarded(used), *rows = guarded(5 * size - size + used);
    if (used % 4) row = guarded(size), other = guarded(size), rows = guarded(5 * size);
    for (size_t i = 0; i < d; i++) in[i] = 3 * random_float() + 1, query[i] = random_float();
    (bits == 8 ? k->f32_to_sq8_row : k->f32_to_sq4_row)(in, d, row);
    (bits == 8 ? plain->f32_to_sq8_row : plain->f32_to_sq4_row)(in, d, other);
    CHECK(memcmp(row, other, used) == 0, "%u bits, %zu: other codes than plain C", bits, d);
    (bits == 8 ? k->sq8_to_f32_row : k->sq4_to_f32_row)(row, d, out);
    struct jade_code_head head;
    memcpy(&head, row, sizeof head);
    double l2sq = 0, dot = 0, magnitude = 0;
    for (size_t i = 0; i < d; i++) {
        CHECK(fabsf(in[i] - out[i]) <= 0.501f * head.scale, "%u bits, %zu: %g became %g", bits, d, in[i], out[i]);
        l2sq += ((double)query[i] - out[i]) * ((double)query[i] - out[i]);
        dot += (double)query[i] * out[i], magnitude += fabs((double)query[i]) * (fabs((double)head.offset) + fabs((double)out[i]));
    }
    for (int r = 0; r < 5; r++) memcpy(rows + (size_t)r * size, row, used);
    (bits == 8 ? k->l2sq_sq8_many : k->l2sq_sq4_many)(query, rows, size, 5, d, distances[0]);
    (bits == 8 ? k->dot_sq8_many : k->dot_sq4_many)(query, rows, size, 5, d, distances[1]);
    for (int r = 0; r < 5; r++) {
        CHECK(fabs(distances[0][r] - l2sq) <= 4e-6 * (l2sq + magnitude), "%u bits, %zu: %g, not %g", bits, d, distances[0][r], l2sq);
        CHECK(fabs(distances[1][r] - dot) <= 2e-6 * magnitude, "%u bits, %zu: %g, not %g", bits, d, distances[1][r], dot);
        CHECK(distances[0][r] == (bits == 8 ? k->l2sq_sq8_one : k->l2sq_sq4_one)(query, row, d), "shapes differ");
        CHECK(distances[1][r] == (bits == 8 ? k->dot_sq8_one : k->dot_sq4_one)(query, row, d), "shapes differ");
        CHECK(-distances[1][r] == (bits == 8 ? k->ndot_sq8_one : k->ndot_sq4_one)(query, row, d), "signs differ");
    }
    const uint32_t ordinals[] = {4, 0, 2, 2, 1};
    (bits == 8 ? k->l2sq_sq8_gather : k->l2sq_sq4_gather)(query, rows, size, ordinals, 5, d, distances[1]);
    CHECK(memcmp(distances[0], distances[1], sizeof *distances) == 0, "gather differs");
}

static void check_code_edges(const struct jade_kernels *k)
{
    float in[33], query[33] = {0};
    char row[41];
    for (int i = 0; i < 33; i++) in[i] = 7.5f;
    k->f32_to_sq8_row(in, 33, row);
    CHECK(k->l2sq_sq8_one(in, row, 33) == 0, "one value for all");
    for (int place = 0; place < 33; place++) {
        for (int i = 0; i < 33; i++) in[i] = (float)i;
        in[place] = place % 2 ? NAN : INFINITY;
        k->f32_to_sq8_row(in, 33, row);
        CHECK(isnan(k->l2sq_sq8_one(query, row, 33)) && isnan(k->dot_sq8_one(query, row, 33)), "place %d", place);
        k->f32_to_sq4_row(in, 33, row);
        CHECK(isnan(k->l2sq_sq4_one(query, row, 33)), "place %d", place);
    }
    in[0] = -3e38f, in[1] = 3e38f;
    k->f32_to_sq8_row(in, 2, row);
    CHECK(isnan(k->l2sq_sq8_one(query, row, 2)), "a range beyond f32");
    const float steps[] = {1.24f, -1.26f, 200, -200, NAN, 0, INFINITY};
    const int8_t want[] = {2, -3, 127, -127, 0, 0, 127};
    int8_t codes[7];
    k->f32_to_i8_row(steps, 0.5f, 7, codes);
    CHECK(memcmp(codes, want, 7) == 0, "i8 codes");
    k->i8_to_f32_row(codes, 0.5f, 7, in);
    CHECK(in[1] == -1.5f && in[2] == 63.5f, "i8 values");
    k->f32_to_i8_row(steps, 0, 7, codes);
    CHECK(codes[2] == 0 && codes[3] == 0, "no step");
}

static void check_level(const struct jade_kernels *k)
{
    check_floats(k);
    check_code_edges(k);
    for (size_t which = 0; which < sizeof dimensions / sizeof *dimensions; which++) {
        size_t d = dimensions[which];
        check_guarded_floats(k, d);
        check_length(k, d);
        check_codes(k, d, 8);
        check_codes(k, d, 4);
    }
}

int main(void)
{
    for_each_level(check_level);
}
