/// Tiles, searches and screens of many queries against many rows: the matrix against its definition, the search against `many` and
/// a selection, to the bit, the screen against its bar. Everything lies between guard pages.
#pragma once

#include "check.h"

enum type { F32, BF16, F16, I8, U8, TYPES };
static size_t size_of(enum type type) { return type == F32 ? 4 : type <= F16 ? 2 : 1; }

static float bf16_value(uint16_t half)
{
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}
/// Cut, not rounded.
static uint16_t bf16_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return (uint16_t)(bits >> 16);
}

/// Asked once: the answer takes a virtual machine microseconds.
static const struct jade_kernels *plain(void)
{
    static const struct jade_kernels *kernels;
    if (!kernels) kernels = jade_kernels_for(JADE_LEVEL_serial);
    return kernels;
}
static float f16_value(uint16_t half)
{
    float value;
    plain()->f16_to_f32_row(&half, 1, &value);
    return value;
}
static uint16_t f16_of(float value)
{
    uint16_t half;
    plain()->f32_to_f16_row(&value, 1, &half);
    return half;
}

static double value(enum type type, const void *v, size_t i)
{
    switch (type) {
    case F32:
        return ((const float *)v)[i];
    case BF16:
        return bf16_value(((const uint16_t *)v)[i]);
    case F16:
        return f16_value(((const uint16_t *)v)[i]);
    case I8:
        return ((const int8_t *)v)[i];
    default:
        return ((const uint8_t *)v)[i];
    }
}

static void put(enum type type, void *v, size_t i, float x)
{
    if (type == F32) ((float *)v)[i] = x;
    else ((uint16_t *)v)[i] = type == BF16 ? bf16_of(x) : f16_of(x);
}

/// What the vectors of a problem are: anything, numbers so coarse that many distances are equal, or the extremes, where products
/// of bytes saturate if they can.
enum kind { ANY, COARSE, EXTREME, KINDS };

static void fill(enum type type, void *v, size_t count, enum kind kind)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t random = random_u64();
        if (type <= F16) put(type, v, i, kind == COARSE ? (float)(random % 3) : random_float());
        else if (kind == EXTREME) ((uint8_t *)v)[i] = (uint8_t[]){0x80, 0x7F, 0xFF, 0x80}[random % 4];
        else ((uint8_t *)v)[i] = (uint8_t)(kind == COARSE ? random % 3 : random);
    }
}

struct problem {
    enum type type;
    struct jade_queries queries;
    char *rows;
    size_t count, stride;
};

static struct problem make(enum type type, size_t queries, size_t count, size_t d, enum kind kind)
{
    size_t bytes = d * size_of(type);
    struct problem p = {.type = type, .count = count, .stride = bytes, .rows = guarded(count * bytes)};
    size_t packed = (jade_queries_bytes(queries, d, size_of(type)) + 63) / 64 * 64;
    p.queries = (struct jade_queries){guarded(queries * bytes), bytes, queries, d, guarded(packed)};
    fill(type, (void *)p.queries.values, queries * d, kind);
    fill(type, p.rows, count * d, kind);
    return p;
}

static const char *query_of(const struct problem *p, size_t q) { return (const char *)p->queries.values + q * p->stride; }

#define CALL(type, name, ...)                                                                                          \
    ((type) == F32    ? k->tiles_f32_##name(__VA_ARGS__)                                                               \
     : (type) == BF16 ? k->tiles_bf16_##name(__VA_ARGS__)                                                              \
     : (type) == F16  ? k->tiles_f16_##name(__VA_ARGS__)                                                               \
     : (type) == I8   ? k->tiles_i8_##name(__VA_ARGS__)                                                                \
                      : k->tiles_u8_##name(__VA_ARGS__))

#define MANY(type)                                                                                                     \
    (family == 'l' ? k->l2sq_##type##_many : family == 'n' ? k->ndot_##type##_many : k->dot_##type##_many)             \
    (query, p->rows, p->stride, p->count, p->queries.dimension, out)

static void many(const struct jade_kernels *k, const struct problem *p, size_t q, char family, float *out)
{
    const void *query = query_of(p, q);
    switch (p->type) {
    case F32:
        MANY(f32);
        break;
    case BF16:
        MANY(bf16);
        break;
    case F16:
        MANY(f16);
        break;
    case I8:
        MANY(i8);
        break;
    default:
        MANY(u8);
    }
}

static void check_matrix(const struct jade_kernels *k, const struct problem *p, bool is_l2sq)
{
    size_t queries = p->queries.count, d = p->queries.dimension;
    float *out = guarded(p->count * queries * 4);
    if (is_l2sq) CALL(p->type, l2sq, &p->queries, p->rows, p->stride, p->count, out, queries);
    else CALL(p->type, ndot, &p->queries, p->rows, p->stride, p->count, out, queries);
    for (size_t r = 0; r < p->count; r++)
        for (size_t q = 0; q < queries; q++) {
            double want = 0, magnitude = 0, norms = 0;
            for (size_t i = 0; i < d; i++) {
                double a = value(p->type, query_of(p, q), i), b = value(p->type, p->rows + r * p->stride, i);
                want += is_l2sq ? (a - b) * (a - b) : -a * b;
                magnitude += fabs(a * b), norms += a * a + b * b;
            }
            bool is_exact = p->type > F16;
            double room = is_exact ? 0 : (double)(d + 16) * (is_l2sq ? 0x1p-22 * norms : 0x1p-24 * magnitude);
            float got = out[r * queries + q];
            CHECK(fabs(got - (is_exact ? (float)want : want)) <= room, "type %d, %zu: %g, not %g", p->type, d, got, want);
        }
}

static void check_search(const struct jade_kernels *k, const struct problem *p, bool is_l2sq, size_t capacity)
{
    size_t queries = p->queries.count, cut = p->count ? random_u64() % p->count : 0;
    jade_topk_key *keys = malloc((queries * capacity + 1) * sizeof *keys), *want = malloc((capacity + 1) * sizeof *want);
    struct jade_topk *states = guarded(queries * sizeof *states);
    for (size_t q = 0; q < queries; q++)
        states[q] = (struct jade_topk){keys + q * capacity, 0, capacity, q % 3 == 2 ? 1e3f : INFINITY};
    for (int part = 0; part < 2; part++) {
        size_t first = part ? cut : 0, count = part ? p->count - cut : cut;
        const char *base = p->rows + first * p->stride;
        uint32_t ordinal = 70 + (uint32_t)first;
        if (is_l2sq) CALL(p->type, l2sq_search, &p->queries, base, p->stride, ordinal, count, states);
        else CALL(p->type, ndot_search, &p->queries, base, p->stride, ordinal, count, states);
    }
    float *distances = guarded(p->count * 4);
    for (size_t q = 0; q < queries; q++) {
        struct jade_topk plain = {want, 0, capacity, states[q].limit};
        many(k, p, q, is_l2sq ? 'l' : 'n', distances);
        k->topk_f32_select(&plain, distances, NULL, 70, p->count);
        jade_topk_sort(&plain);
        jade_topk_sort(&states[q]);
        CHECK(plain.count == states[q].count, "type %d: %zu kept, not %zu", p->type, states[q].count, plain.count);
        CHECK(memcmp(want, states[q].keys, plain.count * sizeof *want) == 0, "type %d, query %zu", p->type, q);
    }
    free(keys);
    free(want);
}

/// Bars in the midst of what the products are, some NaN, some infinite. Near a bar, rounding may decide either way.
static void check_screen(const struct jade_kernels *k, const struct problem *p)
{
    size_t queries = p->queries.count, d = p->queries.dimension, stride = jade_query_groups(queries) * JADE_QUERY_GROUP;
    double scale = p->type > F16 ? 10000 * sqrt((double)d) : sqrt((double)d);
    float *own = guarded(JADE_SCREEN_TERMS * stride * 4);
    struct jade_screen_row *rows = guarded(p->count * sizeof *rows);
    for (size_t i = 0; i < JADE_SCREEN_TERMS * stride; i++) own[i] = random_float();
    for (size_t r = 0; r < p->count; r++)
        for (size_t t = 0; t < JADE_SCREEN_TERMS; t++)
            rows[r].terms[t] = r % 13 == 12 ? NAN : r % 13 == 11 ? INFINITY : random_float() * (float)scale;
    struct jade_pair *pairs = guarded(p->count * queries * sizeof *pairs);
    struct jade_screen screen = {own, stride, rows};
    size_t count = CALL(p->type, screen, &p->queries, p->rows, p->stride, p->count, &screen, pairs);
    char *found = calloc(p->count * queries + 1, 1);
    for (size_t i = 0; i < count; i++) {
        CHECK(pairs[i].query < queries && pairs[i].row < p->count, "pair of %u and %u", pairs[i].query, pairs[i].row);
        CHECK(!found[pairs[i].row * queries + pairs[i].query]++, "%u and %u came twice", pairs[i].query, pairs[i].row);
    }
    for (size_t q = 0; q < queries; q++)
        for (size_t r = 0; r < p->count; r++) {
            double bar = 0, product = 0, room = 0;
            for (size_t t = 0; t < JADE_SCREEN_TERMS; t++) {
                double term = (double)own[t * stride + q] * rows[r].terms[t];
                bar += term, room += fabs(term);
            }
            for (size_t i = 0; i < d; i++) {
                double term = value(p->type, query_of(p, q), i) * value(p->type, p->rows + r * p->stride, i);
                product += term, room += fabs(term);
            }
            bool passes = !(product < bar), is_near = fabs(product - bar) <= (double)(d + 8) * 0x1p-23 * room;
            CHECK(is_near || found[r * queries + q] == passes, "type %d, %zu: %g against %g", p->type, d, product, bar);
        }
    free(found);
}

/// Rows and queries of NaN, infinities and the largest numbers do not disturb the others.
static void check_unusual(const struct jade_kernels *k, enum type type)
{
    struct problem p = make(type, 20, 70, 19, ANY);
    const float unusual[] = {NAN, INFINITY, -INFINITY, 3e38f, 1e-42f, 2e-39f};
    memset(p.rows, 0, p.stride);
    for (size_t i = 0; i < 6; i++) {
        put(type, p.rows, 19 * (7 * i + 3) + i, unusual[i]);
        put(type, (void *)p.queries.values, 19 * (3 * i + 1) + i, unusual[i]);
        // Nothing but small numbers.
        for (size_t c = 0; c < 19; c++) put(type, p.rows, 19 * (7 * i + 5) + c, 1e-20f * random_float() * powf(1e-4f, (float)i));
    }
    CALL(type, pack, &p.queries);
    for (int is_l2sq = 0; is_l2sq < 2; is_l2sq++) {
        check_search(k, &p, is_l2sq, 5);
        check_search(k, &p, is_l2sq, 70);
    }
}

/// Distances of denormal size between vectors that are not: what an instruction loses that takes such products for 0 decides here.
static void check_flushed(const struct jade_kernels *k, enum type type)
{
    struct problem p = make(type, 20, 70, 40, ANY);
    for (size_t i = 0; i < 70 * 40; i++) put(type, p.rows, i, i % 40 ? (random_u64() % 2 ? 0x1p-63f : -0x1p-63f) : 0x1p-60f);
    for (size_t i = 0; i < 20 * 40; i++) put(type, (void *)p.queries.values, i, i % 40 ? 0x1p-64f : 0x1p-60f);
    CALL(type, pack, &p.queries);
    check_search(k, &p, true, 5);
    check_search(k, &p, false, 5);
}

/// Norms whose sum leaves f32 while distances do not.
static void check_overflow(const struct jade_kernels *k, enum type type)
{
    struct problem p = make(type, 20, 70, 3, COARSE);
    for (size_t i = 0; i < 70; i++) put(type, p.rows, 3 * i, 1.4e19f * (1 + 0.01f * (float)(i * 29 % 70)));
    for (size_t i = 0; i < 20; i++) put(type, (void *)p.queries.values, 3 * i, 1.3e19f * (1 + 0.02f * (float)i));
    CALL(type, pack, &p.queries);
    check_search(k, &p, true, 5);
    check_search(k, &p, false, 5);
}

static void check_level(const struct jade_kernels *k)
{
    static const size_t shapes[][3] = {{0, 5, 8},   {1, 1, 1},    {3, 0, 4},   {16, 48, 32}, {17, 49, 33}, {32, 100, 64},
                                       {33, 13, 7}, {70, 61, 96}, {5, 200, 3}, {64, 25, 0},  {9, 11, 300}, {15, 97, 129},
                                       {48, 64, 2}, {40, 33, 190}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t which = 0; which < TYPES * KINDS; which++) {
            struct problem p =
                make((enum type)(which % TYPES), shapes[s][0], shapes[s][1], shapes[s][2], (enum kind)(which / TYPES));
            CALL(p.type, pack, &p.queries);
            for (int is_l2sq = 0; is_l2sq < 2; is_l2sq++) {
                check_matrix(k, &p, is_l2sq);
                check_search(k, &p, is_l2sq, (size_t[]){0, 1, 10, 300}[(s + which) % 4]);
            }
            check_screen(k, &p);
        }
    check_unusual(k, F32);
    check_unusual(k, BF16);
    check_unusual(k, F16);
    check_flushed(k, F32);
    check_flushed(k, BF16);
    check_overflow(k, F32);
    check_overflow(k, BF16);
}
