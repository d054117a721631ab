/// What compare.py times: whole searches, the preparation of queries included, with no call from Python inside.
#include "CJadeKernels.h"
#include <math.h>
#include <stdlib.h>

/// The neighbours that a selection kept, closest first; -1 where there are fewer.
static void write_neighbors(struct jade_topk *state, size_t k, int64_t *ids)
{
    jade_topk_sort(state);
    for (size_t i = 0; i < k; i++) ids[i] = i < state->count ? (int64_t)jade_topk_key_ordinal(state->keys[i]) : -1;
}

struct product {
    uint32_t level;
    const float *centroids;
    size_t subspaces, sub_dimension;
};

void encode_pq8(const struct product *p, const float *rows, size_t count, uint8_t *codes)
{
    const struct jade_pq pq = {p->centroids, p->subspaces, p->sub_dimension};
    const size_t stride = p->subspaces * p->sub_dimension * sizeof *rows;
    jade_kernels_for(p->level)->f32_to_pq8_rows(&pq, rows, stride, count, codes, jade_pq8_bytes(p->subspaces));
}

/// Encodes and packs `count` rows.
void blocks_pq4(const struct product *p, const float *rows, size_t count, uint8_t *blocks)
{
    const struct jade_pq pq = {p->centroids, p->subspaces, p->sub_dimension};
    const size_t stride = p->subspaces * p->sub_dimension * sizeof *rows, bytes = jade_pq4_bytes(p->subspaces);
    uint8_t *codes = malloc(count * bytes);
    jade_kernels_for(p->level)->f32_to_pq4_rows(&pq, rows, stride, count, codes, bytes);
    jade_pq4_pack(codes, bytes, count, p->subspaces, blocks);
    free(codes);
}

void search_pq4(const struct product *p, const float *queries, size_t query_count, size_t batch, const void *blocks, size_t count,
                size_t k, int64_t *ids)
{
    const struct jade_kernels *kernels = jade_kernels_for(p->level);
    const struct jade_pq pq = {p->centroids, p->subspaces, p->sub_dimension};
    const struct jade_pq4_blocks rows = {blocks, p->subspaces, count};
    const size_t m = p->subspaces;
    struct jade_pq4_table *tables = malloc(batch * sizeof *tables);
    struct jade_topk *states = malloc(batch * sizeof *states);
    uint8_t *entries = malloc(batch * 16 * m);
    float *table = malloc(16 * m * sizeof *table);
    jade_topk_key *keys = malloc(batch * k * sizeof *keys);
    for (size_t from = 0; from < query_count; from += batch) {
        const size_t taken = query_count - from < batch ? query_count - from : batch;
        for (size_t q = 0; q < taken; q++) {
            kernels->table_pq4_l2sq(&pq, queries + (from + q) * m * p->sub_dimension, table);
            tables[q].entries = entries + q * 16 * m;
            kernels->fastscan_pq4_quantize(table, m, &tables[q]);
            states[q] = (struct jade_topk){keys + q * k, 0, k, INFINITY};
        }
        kernels->fastscan_pq4_search(tables, taken, &rows, NULL, 0, states);
        for (size_t q = 0; q < taken; q++) write_neighbors(&states[q], k, ids + (from + q) * k);
    }
    free(tables), free(states), free(entries), free(table), free(keys);
}

enum { BLOCK = 1024 };

void search_pq8(const struct product *p, const float *queries, size_t query_count, const uint8_t *codes, size_t count, size_t k,
                int64_t *ids)
{
    const struct jade_kernels *kernels = jade_kernels_for(p->level);
    const struct jade_pq pq = {p->centroids, p->subspaces, p->sub_dimension};
    const size_t m = p->subspaces;
    float *table = malloc(256 * m * sizeof *table), distances[BLOCK];
    jade_topk_key *keys = malloc(k * sizeof *keys);
    for (size_t q = 0; q < query_count; q++) {
        struct jade_topk state = {keys, 0, k, INFINITY};
        kernels->table_pq8_l2sq(&pq, queries + q * m * p->sub_dimension, table);
        for (size_t from = 0; from < count; from += BLOCK) {
            const size_t taken = count - from < BLOCK ? count - from : BLOCK;
            kernels->lookup_pq8_many(table, codes + from * m, m, taken, m, distances);
            kernels->topk_f32_select(&state, distances, NULL, (uint32_t)from, taken);
        }
        write_neighbors(&state, k, ids + q * k);
    }
    free(table), free(keys);
}

/// Rows and queries of 1, 4 or 8 bits a component; the centre is the origin.
struct binary {
    uint32_t level, bits, query_bits;
    size_t dimension;
};

size_t bytes_rabitq(const struct binary *b)
{
    return b->bits == 1   ? jade_rabitq1_bytes(b->dimension)
           : b->bits == 4 ? jade_rabitq4_bytes(b->dimension)
                          : jade_rabitq8_bytes(b->dimension);
}

static struct jade_rabitq space_of(const struct binary *b)
{
    return (struct jade_rabitq){b->dimension, JADE_RABITQ_L2SQ, NULL, 1.9f};
}

void encode_rabitq(const struct binary *b, const float *rows, size_t count, char *out)
{
    const struct jade_kernels *k = jade_kernels_for(b->level);
    const struct jade_rabitq space = space_of(b);
    for (size_t i = 0; i < count; i++)
        (b->bits == 1 ? k->f32_to_rabitq1_row : b->bits == 4 ? k->f32_to_rabitq4_row : k->f32_to_rabitq8_row)(
            &space, rows + i * b->dimension, out + i * bytes_rabitq(b));
}

void search_rabitq(const struct binary *b, const float *queries, size_t query_count, const char *rows, size_t count, size_t k,
                   int64_t *ids)
{
    const struct jade_kernels *t = jade_kernels_for(b->level);
    const struct jade_rabitq space = space_of(b);
    const size_t d = b->dimension, stride = bytes_rabitq(b);
    struct jade_rabitq_query query = {.codes = malloc(jade_rabitq1_query_bytes(d, 8) + jade_rabitq4_query_bytes(d))};
    jade_topk_key *keys = malloc(k * sizeof *keys);
    float distances[BLOCK];
    for (size_t q = 0; q < query_count; q++) {
        struct jade_topk state = {keys, 0, k, INFINITY};
        (b->bits == 1   ? t->f32_to_rabitq1_query
         : b->bits == 4 ? t->f32_to_rabitq4_query
                        : t->f32_to_rabitq8_query)(&space, queries + q * d, b->query_bits, &query);
        for (size_t from = 0; from < count; from += BLOCK) {
            const size_t taken = count - from < BLOCK ? count - from : BLOCK;
            (b->bits == 1 ? t->rabitq1_many : b->bits == 4 ? t->rabitq4_many : t->rabitq8_many)(
                &query, rows + from * stride, stride, taken, d, distances, NULL);
            t->topk_f32_select(&state, distances, NULL, (uint32_t)from, taken);
        }
        write_neighbors(&state, k, ids + q * k);
    }
    free(query.codes), free(keys);
}
