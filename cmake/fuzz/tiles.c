/// Any bytes as queries and rows of any shape: no tile may read outside, and every search must have the bits and ties of `many` and a
/// selection at its level.
#include "CJadeKernels.h"
#include <stdlib.h>
#include <string.h>

/// Kernels found by name differ only in what their pointers point to.
#define CALLS_BY_NAME __attribute__((no_sanitize("function")))

enum { MOST_QUERIES = 80, MOST_ROWS = 100, CAPACITY = 4, TYPES = 12 };

typedef void pack(const struct jade_queries *);
typedef void search(const struct jade_queries *, const void *, size_t, uint32_t, size_t, struct jade_topk *);
typedef void many(const void *, const void *, size_t, size_t, size_t, float *);
typedef size_t screen(const struct jade_queries *, const void *, size_t, size_t, const struct jade_screen *, struct jade_pair *);

/// A kernel of tiles, the type of its rows, its families and the bits of a component.
static const struct kind {
    const char *tiles, *type, *first, *second;
    size_t bits;
} kinds[TYPES] = {
    {"tiles_f32_", "f32", "l2sq", "ndot", 32},  {"tiles_f16_", "f16", "l2sq", "ndot", 16}, {"tiles_bf16_", "bf16", "l2sq", "ndot", 16},
    {"tiles_i8_", "i8", "l2sq", "ndot", 8},     {"tiles_u8_", "u8", "l2sq", "ndot", 8},    {"tiles_b1_", "b1", "hamming", "jaccard", 1},
    {"tiles_l1_f32_", "f32", "l1", NULL, 32},   {"tiles_l1_f16_", "f16", "l1", NULL, 16},  {"tiles_l1_bf16_", "bf16", "l1", NULL, 16},
    {"tiles_l1_i8_", "i8", "l1", NULL, 8},      {"tiles_l1_u8_", "u8", "l1", NULL, 8},     {"tiles_b1_", "b1", "jaccard", "hamming", 1},
};

static jade_function *find(uint32_t level, const char *before, const char *type, const char *behind)
{
    char name[64] = "";
    strcat(strcat(strcat(name, before), type), behind);
    return jade_kernel_function(level, name);
}

struct problem {
    struct jade_queries queries;
    const void *rows;
    size_t stride, count;
    const struct kind *kind;
};

static CALLS_BY_NAME void try_search(const struct jade_kernels *kernels, const struct problem *p, const char *family)
{
    char before[32] = "";
    strcat(strcat(before, family), "_");
    jade_topk_key keys[MOST_QUERIES][CAPACITY], want[CAPACITY];
    struct jade_topk states[MOST_QUERIES];
    for (size_t q = 0; q < p->queries.count; q++) states[q] = (struct jade_topk){keys[q], 0, CAPACITY, __builtin_inff()};
    search *run = (search *)find(kernels->level, p->kind->tiles, family, "_search");
    many *alone = (many *)find(kernels->level, before, p->kind->type, "_many");
    run(&p->queries, p->rows, p->stride, 3, p->count, states);
    for (size_t q = 0; q < p->queries.count; q++) {
        float distances[MOST_ROWS];
        struct jade_topk plain = {want, 0, CAPACITY, __builtin_inff()};
        alone((const char *)p->queries.values + q * p->stride, p->rows, p->stride, p->count, p->queries.dimension, distances);
        kernels->topk_f32_select(&plain, distances, NULL, 3, p->count);
        jade_topk_sort(&plain);
        jade_topk_sort(&states[q]);
        if (plain.count != states[q].count || memcmp(want, keys[q], plain.count * sizeof *want)) abort();
    }
}

/// A bar that is not a number is passed by all, once each.
static CALLS_BY_NAME void try_screen(const struct jade_kernels *kernels, const struct problem *p)
{
    static float terms[JADE_SCREEN_TERMS * 2 * JADE_QUERY_GROUP];
    static struct jade_screen_row rows[MOST_ROWS];
    static struct jade_pair pairs[MOST_QUERIES * MOST_ROWS];
    for (size_t r = 0; r < MOST_ROWS; r++) rows[r].terms[0] = __builtin_nanf("");
    const struct jade_screen all = {terms, 2 * JADE_QUERY_GROUP, rows};
    screen *run = (screen *)find(kernels->level, p->kind->tiles, "screen", "");
    if (run(&p->queries, p->rows, p->stride, p->count, &all, pairs) != p->count * p->queries.count) abort();
}

static void *copy(const uint8_t *data, size_t size)
{
    void *exact = malloc(size ? size : 1);
    memcpy(exact, data, size);
    return exact;
}

CALLS_BY_NAME int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3) return 0;
    const struct kind *kind = &kinds[data[0] % TYPES];
    const size_t queries = data[1] % (MOST_QUERIES + 1), rows = data[2] % (MOST_ROWS + 1), vectors = queries + rows;
    const size_t stride = vectors ? (size - 3) / vectors / ((kind->bits + 7) / 8) * ((kind->bits + 7) / 8) : 0;
    // A bit or two fewer than there is room for.
    const size_t dimension = stride * 8 / kind->bits - (kind->bits == 1 && stride ? data[0] / TYPES % 8 : 0);
    const size_t component = (kind->bits + 7) / 8, packed = (jade_queries_bytes(queries, stride / component, component) + 127) / 64 * 64;
    void *q = copy(data + 3, queries * stride), *x = copy(data + 3 + queries * stride, rows * stride);
    struct problem p = {{q, stride, queries, dimension, aligned_alloc(64, packed)}, x, stride, rows, kind};
    for (uint32_t level = 0; level < JADE_LEVEL_COUNT; level++) {
        const struct jade_kernels *kernels = jade_kernels_for(level);
        if (!kernels) continue;
        ((pack *)find(level, kind->tiles, "pack", ""))(&p.queries);
        try_search(kernels, &p, kind->first);
        if (kind->second) try_search(kernels, &p, kind->second);
        if (kind->second && kind->bits > 1) try_screen(kernels, &p);
    }
    free(p.queries.packed);
    free(q);
    free(x);
    return 0;
}
