#include "../dispatch/prototypes.h"
#include "heap.h"

void jade_topk_f32_select_serial(struct jade_topk *state, const float *distances, const uint32_t *ordinals,
                                 uint32_t first_ordinal, size_t count)
{
    float threshold = heap_threshold(state);
    for (size_t i = 0; i < count; i++)
        if (distances[i] <= threshold) {
            heap_take(state, jade_topk_make_key(distances[i], ordinals ? ordinals[i] : first_ordinal + (uint32_t)i));
            threshold = heap_threshold(state);
        }
}
