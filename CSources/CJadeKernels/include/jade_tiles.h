/// Distances of many queries from many rows, the work of batch search, k-means and ground truth.
///
/// Queries are packed once, into the order in which a level's kernels read them; rows are read where they are. A
/// matrix of distances is written for those who want it; a search offers every row to every query's selection and keeps
/// only what fits into registers between; a screen names the pairs that a bound does not exclude.
#pragma once

#include "jade_base.h"
#include "jade_topk.h"

/// A batch of queries. The memory belongs to the caller and must stay as it is while the batch is used; a batch is good for the
/// kernels of the level that packed it. With a count of 0 no pointer is read.
struct jade_queries {
    /// Row-major, as given to `pack`.
    const void *JADE_NONNULL values;
    size_t stride_bytes;
    size_t count;
    size_t dimension;
    /// `jade_queries_bytes` bytes at a multiple of 64, filled by `pack`.
    void *JADE_NONNULL packed;
};

/// Queries stand in groups of at most this many.
enum { JADE_QUERY_GROUP = 64 };

static inline size_t jade_query_groups(size_t count) { return (count + JADE_QUERY_GROUP - 1) / JADE_QUERY_GROUP; }

/// Bytes that a packed batch of `count` queries of `dimension` components of `component_bytes` bytes takes, at every level: those
/// that multiply no bytes, or no 16-bit floats, hold them as numbers of twice the size. Of bits, `dimension` is how many bytes.
static inline size_t jade_queries_bytes(size_t count, size_t dimension, size_t component_bytes)
{
    const size_t line = 64, sums = 16, widened = component_bytes < 4 ? 2 * component_bytes : component_bytes;
    return jade_query_groups(count) * JADE_QUERY_GROUP * ((dimension * widened + line - 1) / line * line + sums);
}

enum { JADE_SCREEN_TERMS = 4 };

/// What a row brings to the bar of a screen.
struct jade_screen_row {
    float terms[JADE_SCREEN_TERMS];
};

/// A screen: the product of query q and row r passes unless it is below the bar
///     query_terms[0][q] * rows[r].terms[0] + … + query_terms[3][q] * rows[r].terms[3];
/// a NaN on either side passes. Every bound on a distance whose parts are a product, a part of the query and a part of the row
/// has this form.
struct jade_screen {
    /// Term t of query q at `[t * query_stride + q]`; `query_stride` is a multiple of JADE_QUERY_GROUP and not below the count.
    const float *JADE_NONNULL query_terms;
    size_t query_stride;
    /// One for each row.
    const struct jade_screen_row *JADE_NONNULL rows;
};

/// A query and a row, by their numbers in the call.
struct jade_pair {
    uint32_t query, row;
};
