/// What the list of kernels promises for no components, no rows, NaN, and more wanted than there is, at every level.
#include "check.h"

typedef float one(const void *, const void *, size_t);
typedef void many(const void *, const void *, size_t, size_t, size_t, float *);
typedef void gather(const void *, const void *, size_t, const uint32_t *, size_t, size_t, float *);

static jade_function *find(const struct jade_kernels *k, const char *family, const char *type, const char *shape)
{
    char name[64];
    snprintf(name, sizeof name, "%s_%s_%s", family, type, shape);
    return jade_kernel_function(k->level, name);
}

/// Nothing is read or written where there is nothing, so NULL does no harm.
static CALLS_BY_NAME void check_nothing(const struct jade_kernels *k, const char *family, const char *type)
{
    one *single = (one *)find(k, family, type, "one");
    if (!single) return;
    float want = strcmp(family, "cosine") == 0 ? 1 : 0, query[16] = {0};
    const void *none = NULL;
    CHECK(single(none, none, 0) == want, "%s_%s of nothing is %g", family, type, single(none, none, 0));
    float out[3] = {7, 7, 7};
    const uint32_t ordinals[3] = {0, 0, 0};
    ((many *)find(k, family, type, "many"))(none, none, 0, 3, 0, out);
    CHECK(out[0] == want && out[2] == want, "%s_%s of many nothings is %g", family, type, out[0]);
    ((gather *)find(k, family, type, "gather"))(none, none, 0, ordinals, 3, 0, out);
    ((many *)find(k, family, type, "many"))(query, none, 64, 0, 16, (float *)none);
    ((gather *)find(k, family, type, "gather"))(query, none, 64, none, 0, 16, (float *)none);
}

static void put(const char *type, void *row, size_t i, uint32_t f32, uint16_t f16)
{
    if (type[0] == 'f' && type[1] == '3') memcpy((char *)row + 4 * i, &f32, 4);
    else if (type[0] == 'b') ((uint16_t *)row)[i] = (uint16_t)(f32 >> 16);
    else ((uint16_t *)row)[i] = f16;
}

/// A NaN in one row makes that row's distance NaN and leaves the bits of the others.
static CALLS_BY_NAME void check_nan(const struct jade_kernels *k, const char *family, const char *type)
{
    enum { ROWS = 9, D = 37, STRIDE = 4 * D };
    many *rows_of = (many *)find(k, family, type, "many");
    char *rows = guarded(ROWS * STRIDE), *query = guarded(STRIDE);
    float before[ROWS], after[ROWS];
    for (size_t i = 0; i < ROWS * D; i++) put(type, rows + i / D * STRIDE, i % D, 0x3F000000 + (uint32_t)i * 9001, (uint16_t)(0x3000 + i));
    for (size_t i = 0; i < D; i++) put(type, query, i, 0x3F100000 + (uint32_t)i * 77777, (uint16_t)(0x3100 + i));
    rows_of(query, rows, STRIDE, ROWS, D, before);
    for (size_t at = 0; at < D; at += 12) {
        char *row = rows + at % ROWS * STRIDE, copy[STRIDE];
        memcpy(copy, row, STRIDE);
        put(type, row, at, 0x7FC00000, 0x7E00);
        rows_of(query, rows, STRIDE, ROWS, D, after);
        for (size_t r = 0; r < ROWS; r++)
            CHECK(r == at % ROWS ? isnan(after[r]) : after[r] == before[r], "%s_%s, row %zu: %g", family, type, r, after[r]);
        memcpy(row, copy, STRIDE);
    }
}

static void check_selection(const struct jade_kernels *k)
{
    jade_topk_key keys[10];
    struct jade_topk state = {keys, 0, 10, INFINITY}, nothing = {keys, 0, 0, INFINITY};
    const float distances[] = {3, NAN, 1, INFINITY};
    k->topk_f32_select(&state, distances, NULL, 5, 4);
    jade_topk_sort(&state);
    CHECK(state.count == 3 && jade_topk_key_ordinal(keys[0]) == 7 && jade_topk_key_ordinal(keys[2]) == 8, "%zu kept", state.count);
    k->topk_f32_select(&nothing, distances, NULL, 5, 4);
    CHECK(nothing.count == 0, "a selection of none keeps %zu", nothing.count);
    struct jade_topk_list lists[2] = {{keys, 2}, {keys + 2, 1}};
    jade_topk_key merged[10];
    CHECK(jade_topk_merge(lists, 2, merged, 10) == 3, "three candidates, ten wanted");
    CHECK(jade_topk_merge(lists, 0, merged, 10) == 0, "no lists");
}

static void check_level(const struct jade_kernels *k)
{
    static const char *const families[] = {"l2sq", "dot", "ndot", "cosine", "l1", "hamming", "jaccard"};
    static const char *const types[] = {"f32", "f16", "bf16", "i8", "u8", "b1"};
    for (size_t f = 0; f < 7; f++)
        for (size_t t = 0; t < 6; t++) {
            check_nothing(k, families[f], types[t]);
            if (t < 3 && f < 5) check_nan(k, families[f], types[t]);
        }
    check_selection(k);
    void *nowhere = NULL;
    const struct jade_queries none = {nowhere, 0, 0, 8, nowhere};
    k->tiles_f32_pack(&none), k->tiles_f16_pack(&none), k->tiles_bf16_pack(&none), k->tiles_i8_pack(&none), k->tiles_u8_pack(&none);
    k->tiles_b1_pack(&none), k->tiles_l1_f32_pack(&none), k->tiles_l1_f16_pack(&none), k->tiles_l1_bf16_pack(&none);
    k->tiles_l1_i8_pack(&none), k->tiles_l1_u8_pack(&none);
    k->tiles_b1_jaccard(&none, nowhere, 0, 0, nowhere, 0);
    k->tiles_l1_f16_l1_search(&none, nowhere, 0, 0, 0, nowhere);
    k->tiles_f32_l2sq(&none, nowhere, 0, 0, nowhere, 0);
    k->tiles_i8_ndot_search(&none, nowhere, 0, 0, 0, nowhere);
}

int main(void) { for_each_level(check_level); }
