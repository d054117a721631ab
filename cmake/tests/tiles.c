/// Tiles and searches of many queries against many rows: the matrix against its definition, the search against `many` and a
/// selection, to the bit.
#include "check.h"

enum type { F32, I8, U8 };
static size_t size_of(enum type type) { return type == F32 ? 4 : 1; }

static double value(enum type type, const void *v, size_t i)
{
    return type == F32 ? ((const float *)v)[i] : type == I8 ? ((const int8_t *)v)[i] : ((const uint8_t *)v)[i];
}

/// Coarse numbers, so that many distances are equal.
static void fill(enum type type, void *v, size_t count, bool is_coarse)
{
    for (size_t i = 0; i < count; i++) {
        if (type == F32) ((float *)v)[i] = is_coarse ? (float)(random_u64() % 3) : random_float();
        else ((uint8_t *)v)[i] = (uint8_t)(is_coarse ? random_u64() % 3 : random_u64());
    }
}

struct problem {
    enum type type;
    struct jade_queries queries;
    char *rows;
    size_t count, stride;
};

static struct problem make(enum type type, size_t queries, size_t count, size_t d, bool is_coarse)
{
    size_t bytes = d * size_of(type);
    struct problem p = {.type = type, .count = count, .stride = bytes, .rows = guarded(count * bytes)};
    size_t packed = (jade_queries_bytes(queries, bytes) + 63) / 64 * 64;
    p.queries = (struct jade_queries){guarded(queries * bytes), bytes, queries, d, guarded(packed)};
    fill(type, (void *)p.queries.values, queries * d, is_coarse);
    fill(type, p.rows, count * d, is_coarse);
    return p;
}

static const char *query_of(const struct problem *p, size_t q) { return (const char *)p->queries.values + q * p->stride; }

#define CALL(type, name, ...)                                                                                          \
    ((type) == F32 ? k->tiles_f32_##name(__VA_ARGS__) : (type) == I8 ? k->tiles_i8_##name(__VA_ARGS__)                 \
                                                                      : k->tiles_u8_##name(__VA_ARGS__))

static void many(const struct jade_kernels *k, const struct problem *p, size_t q, bool is_l2sq, float *out)
{
    const void *query = query_of(p, q);
    size_t s = p->stride, n = p->count, d = p->queries.dimension;
    if (p->type == F32) (is_l2sq ? k->l2sq_f32_many : k->ndot_f32_many)(query, p->rows, s, n, d, out);
    if (p->type == I8) (is_l2sq ? k->l2sq_i8_many : k->ndot_i8_many)(query, p->rows, s, n, d, out);
    if (p->type == U8) (is_l2sq ? k->l2sq_u8_many : k->ndot_u8_many)(query, p->rows, s, n, d, out);
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
            double room = p->type != F32 ? 0 : is_l2sq ? (double)(d + 16) * 0x1p-22 * norms : (double)d * 0x1p-24 * magnitude;
            float got = out[r * queries + q];
            CHECK(fabs(got - (p->type == F32 ? want : (float)want)) <= room, "type %d, %zu: %g, not %g", p->type, d, got, want);
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
        many(k, p, q, is_l2sq, distances);
        k->topk_f32_select(&plain, distances, NULL, 70, p->count);
        jade_topk_sort(&plain);
        jade_topk_sort(&states[q]);
        CHECK(plain.count == states[q].count, "type %d: %zu kept, not %zu", p->type, states[q].count, plain.count);
        CHECK(memcmp(want, states[q].keys, plain.count * sizeof *want) == 0, "type %d, query %zu", p->type, q);
    }
    free(keys);
    free(want);
}

/// Rows and queries of NaN, infinities and the largest numbers do not disturb the others.
static void check_unusual(const struct jade_kernels *k)
{
    struct problem p = make(F32, 20, 70, 19, false);
    float *queries = (float *)p.queries.values, *rows = (float *)p.rows;
    const float unusual[] = {NAN, INFINITY, -INFINITY, 3e38f, 1e-42f};
    for (size_t i = 0; i < 5; i++) rows[19 * (7 * i + 3) + i] = unusual[i], queries[19 * (3 * i + 1) + i] = unusual[i];
    memset(rows, 0, 19 * 4);
    k->tiles_f32_pack(&p.queries);
    for (int is_l2sq = 0; is_l2sq < 2; is_l2sq++) {
        check_search(k, &p, is_l2sq, 5);
        check_search(k, &p, is_l2sq, 70);
    }
}

static void check_level(const struct jade_kernels *k)
{
    static const size_t shapes[][3] = {{0, 5, 8},   {1, 1, 1},    {3, 0, 4},   {16, 48, 32}, {17, 49, 33}, {32, 100, 64},
                                       {33, 13, 7}, {70, 61, 96}, {5, 200, 3}, {64, 25, 0},  {9, 11, 300}, {15, 97, 129}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (int which = 0; which < 12; which++) {
            struct problem p = make((enum type)(which % 3), shapes[s][0], shapes[s][1], shapes[s][2], which / 3 % 2);
            CALL(p.type, pack, &p.queries);
            check_matrix(k, &p, which / 6);
            check_search(k, &p, which / 6, (size_t[]){0, 1, 10, 300}[(s + (size_t)which) % 4]);
        }
    check_unusual(k);
}

int main(void)
{
    for_each_level(check_level);
}
