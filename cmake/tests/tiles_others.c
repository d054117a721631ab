/// Tiles without products, of bits and of magnitudes: the matrix against `many`, the search against `many` and a selection, to the bit.
/// Everything lies between guard pages, and the bits behind a vector's last are whatever comes.
#include "check.h"

typedef void pack(const struct jade_queries *);
typedef void matrix(const struct jade_queries *, const void *, size_t, size_t, float *, size_t);
typedef void search(const struct jade_queries *, const void *, size_t, uint32_t, size_t, struct jade_topk *);
typedef void many(const void *, const void *, size_t, size_t, size_t, float *);

struct kernel {
    const char *tiles, *family, *type;
    /// Bits of a component.
    size_t bits;
    bool is_exact;
};
static const struct kernel kernels[] = {
    {"tiles_b1", "hamming", "b1", 1, true},     {"tiles_b1", "jaccard", "b1", 1, true},   {"tiles_l1_f32", "l1", "f32", 32, false},
    {"tiles_l1_f16", "l1", "f16", 16, false},   {"tiles_l1_bf16", "l1", "bf16", 16, false}, {"tiles_l1_i8", "l1", "i8", 8, true},
    {"tiles_l1_u8", "l1", "u8", 8, true},
};

static jade_function *find(const struct jade_kernels *k, const char *first, const char *second, const char *third)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s%s", first, second, third);
    jade_function *found = jade_kernel_function(k->level, name);
    CHECK(found != NULL, "no kernel %s", name);
    return found;
}

static void put(const struct kernel *kernel, void *v, size_t i, float x)
{
    static const struct jade_kernels *plain;
    if (!plain) plain = jade_kernels_for(JADE_LEVEL_serial);
    if (kernel->bits == 32) ((float *)v)[i] = x;
    else if (strcmp(kernel->type, "f16") == 0) plain->f32_to_f16_row(&x, 1, (uint16_t *)v + i);
    else plain->f32_to_bf16_row(&x, 1, (uint16_t *)v + i);
}

/// Coarse numbers give equal distances; unusual ones are not finite or leave the range when they are added.
enum kind { ANY, COARSE, UNUSUAL, KINDS };

static void fill(const struct kernel *kernel, char *v, size_t vectors, size_t bytes, size_t d, enum kind kind)
{
    static const float unusual[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-42f};
    for (size_t n = 0; n < vectors; n++, v += bytes)
        for (size_t i = 0; i < (kernel->bits > 8 ? d : bytes); i++) {
            const uint64_t random = random_u64();
            if (kernel->bits <= 8) v[i] = (char)(kind == COARSE ? random % 3 : random);
            else if (kind == UNUSUAL && random % 40 < 6) put(kernel, v, i, unusual[random % 40]);
            else put(kernel, v, i, kind == COARSE ? (float)(random % 3) : random_float());
        }
}

struct problem {
    const struct kernel *kernel;
    struct jade_queries queries;
    char *rows;
    size_t count, bytes;
    many *alone;
};

CALLS_BY_NAME static void distances_of(const struct problem *p, size_t q, float *out)
{
    p->alone((const char *)p->queries.values + q * p->bytes, p->rows, p->bytes, p->count, p->queries.dimension, out);
}

CALLS_BY_NAME static void check_matrix(const struct jade_kernels *k, const struct problem *p)
{
    const size_t queries = p->queries.count, d = p->queries.dimension;
    float *out = guarded(p->count * queries * 4), *want = guarded(p->count * 4);
    ((matrix *)find(k, p->kernel->tiles, p->kernel->family, ""))(&p->queries, p->rows, p->bytes, p->count, out, queries);
    for (size_t q = 0; q < queries; q++) {
        distances_of(p, q, want);
        for (size_t r = 0; r < p->count; r++) {
            const float got = out[r * queries + q];
            const double room = p->kernel->is_exact ? 0 : (double)(d + 16) * 0x1p-23 * fabs(want[r]);
            const bool is_same = got == want[r] || (isnan(got) && isnan(want[r])) || !(want[r] < 1e38f);
            CHECK(is_same || fabs(got - want[r]) <= room, "%s_%s, %zu: %g, not %g", p->kernel->tiles, p->kernel->family, d, got, want[r]);
        }
    }
}

CALLS_BY_NAME static void check_search(const struct jade_kernels *k, const struct problem *p, size_t capacity)
{
    const size_t queries = p->queries.count;
    jade_topk_key *keys = malloc((queries * capacity + 1) * sizeof *keys), *want = malloc((capacity + 1) * sizeof *want);
    struct jade_topk *states = guarded(queries * sizeof *states);
    float *distances = guarded(p->count * 4);
    for (size_t q = 0; q < queries; q++) states[q] = (struct jade_topk){keys + q * capacity, 0, capacity, q % 3 == 2 ? 20 : INFINITY};
    char end[16];
    snprintf(end, sizeof end, "_search");
    ((search *)find(k, p->kernel->tiles, p->kernel->family, end))(&p->queries, p->rows, p->bytes, 70, p->count, states);
    for (size_t q = 0; q < queries; q++) {
        struct jade_topk plain = {want, 0, capacity, states[q].limit};
        distances_of(p, q, distances);
        k->topk_f32_select(&plain, distances, NULL, 70, p->count);
        jade_topk_sort(&plain);
        jade_topk_sort(&states[q]);
        CHECK(plain.count == states[q].count, "%s: %zu kept, not %zu", p->kernel->tiles, states[q].count, plain.count);
        CHECK(memcmp(want, states[q].keys, plain.count * sizeof *want) == 0, "%s_%s, query %zu", p->kernel->tiles, p->kernel->family, q);
    }
    free(keys);
    free(want);
}

CALLS_BY_NAME static void check_level(const struct jade_kernels *k)
{
    static const size_t shapes[][3] = {{0, 5, 8},   {1, 1, 1},    {3, 0, 4},    {16, 48, 32},  {17, 49, 33}, {32, 100, 64}, {33, 13, 7},
                                       {70, 61, 96}, {5, 200, 3}, {64, 25, 0},  {9, 11, 300},  {15, 97, 129}, {48, 64, 2},  {40, 33, 190},
                                       {12, 30, 1000}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++)
        for (size_t n = 0; n < sizeof kernels / sizeof *kernels; n++)
            for (int kind = 0; kind < KINDS; kind++) {
                const size_t queries = shapes[s][0], d = shapes[s][2], bytes = (d * kernels[n].bits + 7) / 8;
                struct problem p = {.kernel = &kernels[n], .count = shapes[s][1], .bytes = bytes, .rows = guarded(shapes[s][1] * bytes),
                                    .alone = (many *)find(k, kernels[n].family, kernels[n].type, "_many")};
                const size_t components = kernels[n].bits < 8 ? bytes : d, component = kernels[n].bits < 8 ? 1 : kernels[n].bits / 8;
                const size_t packed = (jade_queries_bytes(queries, components, component) + 63) / 64 * 64;
                p.queries = (struct jade_queries){guarded(queries * bytes), bytes, queries, d, guarded(packed)};
                fill(p.kernel, (char *)p.queries.values, queries, bytes, d, (enum kind)kind);
                fill(p.kernel, p.rows, p.count, bytes, d, (enum kind)kind);
                ((pack *)find(k, p.kernel->tiles, "pack", ""))(&p.queries);
                check_matrix(k, &p);
                check_search(k, &p, (size_t[]){0, 1, 10, 300}[(s + n) % 4]);
            }
}

int main(void) { for_each_level(check_level); }
