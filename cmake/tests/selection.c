/// Selection against a full sort, with many ties.
#include "check.h"

static int by_key(const void *a, const void *b)
{
    jade_topk_key x = *(const jade_topk_key *)a, y = *(const jade_topk_key *)b;
    return (x > y) - (x < y);
}

static void check_level(const struct jade_kernels *kernels)
{
    for (int round = 0; round < 200; round++) {
        size_t count = random_u64() % 300, capacity = (size_t[]){0, 1, 10, 64, 400}[round % 5];
        float *distances = guarded(count * 4 + (count == 0) * 4);
        jade_topk_key all[300], kept[400];
        for (size_t i = 0; i < count; i++) {
            distances[i] = (float)(random_u64() % 20) - 10;
            all[i] = jade_topk_make_key(distances[i], (uint32_t)i);
        }
        qsort(all, count, sizeof *all, by_key);
        struct jade_topk state = {kept, 0, capacity, INFINITY};
        size_t cut = count ? random_u64() % count : 0;
        kernels->topk_f32_select(&state, distances, NULL, 0, cut);
        kernels->topk_f32_select(&state, distances + cut, NULL, (uint32_t)cut, count - cut);
        jade_topk_sort(&state);
        CHECK(state.count == (count < capacity ? count : capacity), "%zu kept of %zu", state.count, count);
        CHECK(memcmp(all, kept, state.count * sizeof *all) == 0, "round %d: not the smallest", round);
    }
}

int main(void)
{
    for_each_level(check_level);
    const float numbers[] = {-INFINITY, -3.5f, -1e-45f, 0, 1e-45f, 2, INFINITY};
    for (size_t i = 0; i < 7; i++) {
        CHECK(jade_topk_key_distance(jade_topk_make_key(numbers[i], 7)) == numbers[i], "%g", numbers[i]);
        CHECK(i == 0 || jade_topk_make_key(numbers[i - 1], 9) < jade_topk_make_key(numbers[i], 0), "%g", numbers[i]);
    }
}
