/// Merged lists against a sort of everything.
#include "check.h"

static int by_key(const void *a, const void *b)
{
    jade_topk_key x = *(const jade_topk_key *)a, y = *(const jade_topk_key *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    for (int round = 0; round < 500; round++) {
        enum { LISTS = 20, LONGEST = 30 };
        struct jade_topk_list lists[LISTS];
        jade_topk_key all[LISTS * LONGEST], *out;
        size_t list_count = random_u64() % (LISTS + 1), total = 0, distinct = 0;
        for (size_t i = 0; i < list_count; i++) {
            size_t count = random_u64() % (LONGEST + 1);
            jade_topk_key *keys = guarded(count * sizeof *keys);
            // Few distances and ordinals, so that ties and doubles come.
            for (size_t j = 0; j < count; j++)
                keys[j] = jade_topk_make_key((float)(random_u64() % 5) - 2, (uint32_t)(random_u64() % 60));
            qsort(keys, count, sizeof *keys, by_key);
            memcpy(all + total, keys, count * sizeof *keys);
            total += count;
            lists[i] = (struct jade_topk_list){keys, count};
        }
        qsort(all, total, sizeof *all, by_key);
        for (size_t i = 0; i < total; i++)
            if (i == 0 || all[i] != all[i - 1]) all[distinct++] = all[i];
        size_t capacity = (size_t[]){0, 1, 10, 100, 1000}[round % 5], want = distinct < capacity ? distinct : capacity;
        out = guarded((want + 1) * sizeof *out);
        CHECK(jade_topk_merge(lists, list_count, out, capacity) == want, "round %d", round);
        CHECK(memcmp(out, all, want * sizeof *out) == 0, "round %d: not the smallest", round);
    }
}
