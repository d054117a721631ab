/// Distances of many queries from many rows, the work of batch search, k-means and ground truth.
///
/// Queries are packed once, into the order in which a level's kernels read them; rows are read where they are. A
/// matrix of distances is written for those who want it; a search offers every row to every query's selection and keeps
/// only what fits into registers between.
#pragma once

#include "jade_base.h"
#include "jade_topk.h"

/// A batch of queries. The memory belongs to the caller and must stay as it is while the batch is used; a batch is good for the
/// kernels of the level that packed it.
struct jade_queries {
    /// Row-major, as given to `pack`.
    const void *JADE_NONNULL values;
    size_t stride_bytes;
    size_t count;
    size_t dimension;
    /// `jade_queries_bytes` bytes at a multiple of 64, filled by `pack`.
    void *JADE_NONNULL packed;
};

/// Bytes that a packed batch of `count` queries of `vector_bytes` bytes each takes, at every level.
static inline size_t jade_queries_bytes(size_t count, size_t vector_bytes)
{
    const size_t group = 64, sums = 16;
    return (count + group - 1) / group * group * ((vector_bytes + 63) / 64 * 64 + sums);
}
