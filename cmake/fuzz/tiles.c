/// Any bytes as queries and rows of any shape: no tile may read outside, and every search must have the bits and ties of `many` and a
/// selection at its level.
#include "CJadeKernels.h"
#include <stdlib.h>
#include <string.h>

/// Kernels found by name differ only in what their pointers point to.
#define CALLS_BY_NAME __attribute__((no_sanitize("function")))

enum { MOST_QUERIES = 80, MOST_ROWS = 100, CAPACITY = 4, TYPES = 4 };

typedef void pack(const struct jade_queries *);
typedef void search(const struct jade_queries *, const void *, size_t, uint32_t, size_t, struct jade_topk *);
typedef void many(const void *, const void *, size_t, size_t, size_t, float *);
typedef size_t screen(const struct jade_queries *, const void *, size_t, size_t, const struct jade_screen *, struct jade_pair *);

static const char *const types[TYPES] = {"f32", "bf16", "i8", "u8"};
static const size_t sizes[TYPES] = {4, 2, 1, 1};

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
    const char *type;
};

static CALLS_BY_NAME void try_search(const struct jade_kernels *kernels, const struct problem *p, int is_l2sq)
{
    jade_topk_key keys[MOST_QUERIES][CAPACITY], want[CAPACITY];
    struct jade_topk states[MOST_QUERIES];
    for (size_t q = 0; q < p->queries.count; q++) states[q] = (struct jade_topk){keys[q], 0, CAPACITY, __builtin_inff()};
    search *run = (search *)find(kernels->level, "tiles_", p->type, is_l2sq ? "_l2sq_search" : "_ndot_search");
    many *alone = (many *)find(kernels->level, is_l2sq ? "l2sq_" : "ndot_", p->type, "_many");
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
    screen *run = (screen *)find(kernels->level, "tiles_", p->type, "_screen");
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
    const size_t type = data[0] % TYPES, queries = data[1] % (MOST_QUERIES + 1), rows = data[2] % (MOST_ROWS + 1);
    const size_t vectors = queries + rows, dimension = vectors ? (size - 3) / vectors / sizes[type] : 0;
    const size_t stride = dimension * sizes[type], packed = (jade_queries_bytes(queries, dimension, sizes[type]) + 127) / 64 * 64;
    void *q = copy(data + 3, queries * stride), *x = copy(data + 3 + queries * stride, rows * stride);
    struct problem p = {{q, stride, queries, dimension, aligned_alloc(64, packed)}, x, stride, rows, types[type]};
    for (uint32_t level = 0; level < JADE_LEVEL_COUNT; level++) {
        const struct jade_kernels *kernels = jade_kernels_for(level);
        if (!kernels) continue;
        ((pack *)find(level, "tiles_", p.type, "_pack"))(&p.queries);
        try_search(kernels, &p, 0);
        try_search(kernels, &p, 1);
        try_screen(kernels, &p);
    }
    free(p.queries.packed);
    free(q);
    free(x);
    return 0;
}
