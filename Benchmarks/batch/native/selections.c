// Selections of the k closest for a group of queries.
#include "search.h"
#include <math.h>
#include <stdlib.h>

struct selections selections_make(size_t count, size_t k)
{
    return (struct selections){
        .states = malloc(count * sizeof(struct jade_topk)), .keys = malloc(count * k * sizeof(jade_topk_key)), .k = k};
}

void selections_reset(struct selections *selections, size_t count)
{
    for (size_t query = 0; query < count; query++)
        selections->states[query] = (struct jade_topk){
            .keys = selections->keys + query * selections->k, .capacity = selections->k, .limit = INFINITY};
}

void selections_take(struct selections *selections, size_t count, uint32_t *ordinals)
{
    for (size_t query = 0; query < count; query++) {
        struct jade_topk *state = &selections->states[query];
        jade_topk_sort(state);
        for (size_t at = 0; at < selections->k; at++)
            ordinals[query * selections->k + at] = at < state->count ? jade_topk_key_ordinal(state->keys[at]) : UINT32_MAX;
    }
}

void selections_free(struct selections *selections)
{
    free(selections->states);
    free(selections->keys);
}
