#include "heap.h"

/// A list that is not used up, by its next key. The heap of lists has its smallest key at the root.
static inline bool list_before(const struct jade_topk_list *a, const struct jade_topk_list *b) { return *a->keys < *b->keys; }

static void lists_sift_down(struct jade_topk_list *lists, size_t count, size_t hole)
{
    if (hole >= count) return;
    const struct jade_topk_list moved = lists[hole];
    for (size_t child; (child = 2 * hole + 1) < count; hole = child) {
        if (child + 1 < count && list_before(&lists[child + 1], &lists[child])) child++;
        if (!list_before(&lists[child], &moved)) break;
        lists[hole] = lists[child];
    }
    lists[hole] = moved;
}

size_t jade_topk_merge(struct jade_topk_list *lists, size_t list_count, jade_topk_key *out, size_t capacity)
{
    size_t count = 0;
    for (size_t i = 0; i < list_count; i++)
        if (lists[i].count > 0) lists[count++] = lists[i];
    for (size_t i = count / 2; i-- > 0;) lists_sift_down(lists, count, i);
    size_t written = 0;
    while (count > 0 && written < capacity) {
        const jade_topk_key key = *lists[0].keys++;
        // A key that several lists hold is the same candidate.
        if (written == 0 || out[written - 1] != key) out[written++] = key;
        if (--lists[0].count == 0) lists[0] = lists[--count];
        lists_sift_down(lists, count, 0);
    }
    return written;
}
