// RaBitQ codes of one bit a component: making them, and whole searches over them.
#include "search.h"
#include <stdlib.h>
#include <string.h>

/// Rows whose estimates lie in the first-level cache until they are selected from.
enum { ESTIMATES = 1024 };

struct space {
    const struct jade_kernels *kernels;
    struct jade_rotation rotation;
    struct jade_rabitq rabitq;
    const float *center;
};

static struct space make_space(uint32_t level, size_t dimension, size_t rounds, const uint8_t *signs, const float *center)
{
    return (struct space){
        .kernels = jade_kernels_for(level),
        .rotation = {.dimension = dimension, .rounds = rounds, .signs = signs},
        .rabitq = {.dimension = dimension, .metric = JADE_RABITQ_L2SQ, .center = NULL, .epsilon = 1.9f},
        .center = center,
    };
}

/// Moves a vector to the centre and rotates it.
static void residual(const struct space *space, const float *vector, float *out)
{
    for (size_t i = 0; i < space->rabitq.dimension; i++) out[i] = vector[i] - space->center[i];
    space->kernels->rotate_f32_forward(&space->rotation, out);
}

uint64_t jb_rabitq_encode(uint32_t level, size_t dimension, size_t rounds, const uint8_t *signs, const float *center,
                          const float *values, size_t rows, void *codes)
{
    const struct space space = make_space(level, dimension, rounds, signs, center);
    float *moved = malloc(dimension * sizeof *moved);
    const uint64_t start = jb_nanoseconds();
    for (size_t row = 0; row < rows; row++) {
        residual(&space, values + row * dimension, moved);
        space.kernels->f32_to_rabitq1_row(&space.rabitq, moved, (uint8_t *)codes + row * jade_rabitq1_bytes(dimension));
    }
    const uint64_t took = jb_nanoseconds() - start;
    free(moved);
    return took;
}

static void scan(const struct space *space, const struct jade_rabitq_query *query, const uint8_t *codes, size_t rows,
                 struct jade_topk *state)
{
    const size_t stride = jade_rabitq1_bytes(space->rabitq.dimension);
    float estimates[ESTIMATES];
    for (size_t first = 0; first < rows; first += ESTIMATES) {
        const size_t count = rows - first < ESTIMATES ? rows - first : ESTIMATES;
        space->kernels->rabitq1_many(query, codes + first * stride, stride, count, space->rabitq.dimension, estimates, NULL);
        space->kernels->topk_f32_select(state, estimates, NULL, (uint32_t)first, count);
    }
}

uint64_t jb_rabitq_search(uint32_t level, size_t dimension, size_t rounds, const uint8_t *signs, const float *center,
                          const void *codes, size_t rows, uint32_t bits, const float *queries, size_t count, size_t k,
                          uint32_t *ordinals)
{
    const struct space space = make_space(level, dimension, rounds, signs, center);
    float *moved = malloc(dimension * sizeof *moved);
    struct jade_rabitq_query query = {.codes = malloc(jade_rabitq1_query_bytes(dimension, bits))};
    struct selections selections = selections_make(1, k);
    const uint64_t start = jb_nanoseconds();
    for (size_t at = 0; at < count; at++) {
        residual(&space, queries + at * dimension, moved);
        space.kernels->f32_to_rabitq1_query(&space.rabitq, moved, bits, &query);
        selections_reset(&selections, 1);
        scan(&space, &query, codes, rows, selections.states);
        selections_take(&selections, 1, ordinals + at * k);
    }
    const uint64_t took = jb_nanoseconds() - start;
    selections_free(&selections);
    free(query.codes);
    free(moved);
    return took;
}
