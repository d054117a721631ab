// RaBitQ codes: making them, and whole searches over them.
#include "search.h"
#include <stdlib.h>

/// Rows whose estimates lie in the first-level cache until they are selected from.
enum { ESTIMATES = 1024 };

/// The kernels for a number of bits.
struct coder {
    const struct jade_kernels *table;
    void (*row)(const struct jade_rabitq *, const float *, void *);
    void (*query)(const struct jade_rabitq *, const float *, uint32_t, struct jade_rabitq_query *);
    void (*many)(const struct jade_rabitq_query *, const void *, size_t, size_t, size_t, float *, float *);
};

static struct coder coder_for(const struct jb_rabitq *space)
{
    const struct jade_kernels *t = jade_kernels_for(space->level);
    if (space->bits == 1) return (struct coder){t, t->f32_to_rabitq1_row, t->f32_to_rabitq1_query, t->rabitq1_many};
#define CODER(bits) (struct coder){t, t->f32_to_rabitq##bits##_row, t->f32_to_rabitq##bits##_query, t->rabitq##bits##_many}
    const struct coder coders[] = {CODER(2), CODER(3), CODER(4), CODER(5), CODER(6), CODER(7), CODER(8)};
#undef CODER
    return coders[space->bits - 2];
}

size_t jb_rabitq_bytes(const struct jb_rabitq *space)
{
    if (space->bits == 1) return jade_rabitq1_bytes(space->dimension);
    if (space->bits == 4) return jade_rabitq4_bytes(space->dimension);
    return space->bits == 8 ? jade_rabitq8_bytes(space->dimension) : jade_rabitq_mixed_bytes(space->dimension, space->bits);
}

static struct jade_rabitq space_of(const struct jb_rabitq *space)
{
    return (struct jade_rabitq){.dimension = space->dimension, .metric = JADE_RABITQ_L2SQ, .center = NULL, .epsilon = 1.9f};
}

/// Moves a vector to the centre and rotates it.
static void residual(const struct jb_rabitq *space, const struct jade_kernels *table, const float *vector, float *out)
{
    const struct jade_rotation rotation = {.dimension = space->dimension, .rounds = space->rounds, .signs = space->signs};
    for (size_t i = 0; i < space->dimension; i++) out[i] = vector[i] - space->center[i];
    table->rotate_f32_forward(&rotation, out);
}

uint64_t jb_rabitq_encode(const struct jb_rabitq *space, const float *values, size_t rows, void *codes)
{
    const struct coder coder = coder_for(space);
    const struct jade_rabitq own = space_of(space);
    const size_t stride = jb_rabitq_bytes(space);
    float *moved = malloc(space->dimension * sizeof *moved);
    const uint64_t start = jb_nanoseconds();
    for (size_t row = 0; row < rows; row++) {
        residual(space, coder.table, values + row * space->dimension, moved);
        coder.row(&own, moved, (uint8_t *)codes + row * stride);
    }
    const uint64_t took = jb_nanoseconds() - start;
    free(moved);
    return took;
}

static void scan(const struct jb_rabitq *space, const struct coder *coder, const struct jade_rabitq_query *query,
                 const uint8_t *codes, size_t rows, struct jade_topk *state)
{
    const size_t stride = jb_rabitq_bytes(space);
    float estimates[ESTIMATES];
    for (size_t first = 0; first < rows; first += ESTIMATES) {
        const size_t count = rows - first < ESTIMATES ? rows - first : ESTIMATES;
        coder->many(query, codes + first * stride, stride, count, space->dimension, estimates, NULL);
        coder->table->topk_f32_select(state, estimates, NULL, (uint32_t)first, count);
    }
}

/// Room for the codes of a query of any kind.
static void *query_memory(size_t dimension)
{
    return malloc(jade_rabitq1_query_bytes(dimension, 8) + jade_rabitq4_query_bytes(dimension) + jade_rabitq8_query_bytes(dimension));
}

uint64_t jb_rabitq_search(const struct jb_rabitq *space, const void *codes, size_t rows, const float *queries, size_t count, size_t k,
                          uint32_t *ordinals)
{
    const struct coder coder = coder_for(space);
    const struct jade_rabitq own = space_of(space);
    float *moved = malloc(space->dimension * sizeof *moved);
    struct jade_rabitq_query query = {.codes = query_memory(space->dimension)};
    struct selections selections = selections_make(1, k);
    const uint64_t start = jb_nanoseconds();
    for (size_t at = 0; at < count; at++) {
        residual(space, coder.table, queries + at * space->dimension, moved);
        coder.query(&own, moved, space->query_bits, &query);
        selections_reset(&selections, 1);
        scan(space, &coder, &query, codes, rows, selections.states);
        selections_take(&selections, 1, ordinals + at * k);
    }
    const uint64_t took = jb_nanoseconds() - start;
    selections_free(&selections);
    free(query.codes);
    free(moved);
    return took;
}
