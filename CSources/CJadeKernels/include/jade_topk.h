/// Bounded selection: the `capacity` closest of any number of candidates.
#pragma once

#include "jade_base.h"
#include <string.h>

/// A candidate in one word that compares as (distance, ordinal) does: the distance's bits, made monotonic, above the
/// ordinal. So the smaller ordinal wins between equal distances.
typedef uint64_t jade_topk_key;

/// The memory belongs to the caller; the kernels never allocate.
struct jade_topk {
    /// A binary heap, largest key first. Room for `capacity` keys.
    jade_topk_key *JADE_NONNULL keys;
    /// How many are held now.
    size_t count;
    /// How many may be held; 0 selects nothing.
    size_t capacity;
    /// Candidates beyond this distance are never taken; infinity takes all. NaN distances are never taken.
    float limit;
};

/// -0 becomes +0 first, so that the two do not differ.
static inline jade_topk_key jade_topk_make_key(float distance, uint32_t ordinal)
{
    float positive_zero = distance + 0.0f;
    uint32_t bits;
    memcpy(&bits, &positive_zero, sizeof bits);
    bits ^= (bits & 0x80000000u) ? 0xFFFFFFFFu : 0x80000000u;
    return (uint64_t)bits << 32 | ordinal;
}

static inline float jade_topk_key_distance(jade_topk_key key)
{
    uint32_t bits = (uint32_t)(key >> 32);
    bits ^= (bits & 0x80000000u) ? 0x80000000u : 0xFFFFFFFFu;
    float distance;
    memcpy(&distance, &bits, sizeof distance);
    return distance;
}

static inline uint32_t jade_topk_key_ordinal(jade_topk_key key)
{
    return (uint32_t)key;
}

/// Offers one candidate. O(log capacity).
void jade_topk_offer(struct jade_topk *JADE_NONNULL state, float distance, uint32_t ordinal);

/// Turns the heap into an ascending list, closest first. The state must be emptied before it takes more.
void jade_topk_sort(struct jade_topk *JADE_NONNULL state);

/// A sorted selection: `count` keys, ascending.
struct jade_topk_list {
    const jade_topk_key *JADE_NONNULL keys;
    size_t count;
};

/// Merges ascending lists into the `capacity` smallest keys, ascending: between equal distances the smaller ordinal
/// comes first, and a candidate that several lists hold comes once. Returns how many were written; fewer than
/// `capacity` if the lists hold no more. Uses up `lists`. O(written * log list_count); no list may share memory with `out`.
size_t jade_topk_merge(struct jade_topk_list *JADE_NONNULL lists, size_t list_count, jade_topk_key *JADE_NONNULL out,
                       size_t capacity);
