/// Codes of 1 to 8 bits a component with an unbiased estimate of the distance and a bound of its error (Gao, Long: "RaBitQ:
/// Quantizing High-Dimensional Vectors with a Theoretical Error Bound for Approximate Nearest Neighbor Search", SIGMOD 2024; for
/// more than one bit Gao, Gou, Xu, Yang, Long, Wong: "Practical and Asymptotically Optimal Quantization of High-Dimensional Vectors
/// in Euclidean Space for Approximate Nearest Neighbor Search", SIGMOD 2025).
///
/// Rows and queries are first moved to a centre c and rotated by a random orthogonal matrix: r and z below are what comes out, C is
/// the rotated centre. A component r_i becomes a code u_i of B bits that stands for y_i = u_i - (2^B - 1) / 2: the sign for B = 1,
/// else the nearest such number to t * r_i, with the t (of a fixed number tried) that gives the smallest angle between y and r. Then
///
///     <r, z> is about f <y, z>,  f = |r|^2 / <y, r>,  with an error of at most
///     epsilon |z| |r| sqrt((1 - w^2) / (w^2 (d - 1))),  w = <y, r> / (|y| |r|),
///
/// with a probability that grows with epsilon; 1.9 is what the authors use. The query is quantized too: z_i is about
/// low + step * v_i. For 1 bit, v_i has 1 to 8 bits and <u, v> is counted in planes of bits; for more, v_i is a signed
/// byte and low is 0. The error of that is beside the bound and small: at most step / 2 a component. All heads are of one metric:
///
///     distance = row.add + query.add + row.scale (step <u, v> + low * row.sum - bias),   bias = (2^B - 1) / 2 * sum of (low + step v_i)
///     bound    = distance - row.error * query.error,   query.error = epsilon |z|
///     l2sq:  row.add = |r|^2,             query.add = |z|^2,       row.scale = -2 f
///     ndot:  row.add = -<r, C> - |C|^2,   query.add = -<z, C>,     row.scale = -f
///
/// A row that is the centre has no direction: its codes, scale and error are 0. A row or a query with a component that is not
/// finite has add = NaN, so all its distances and bounds are NaN and no selection takes them.
#pragma once

#include "jade_base.h"

/// A row begins with this, then come its codes; rows need the alignment of f32.
struct jade_rabitq_head {
    float add;
    float scale;
    float error;
    /// The sum of the codes.
    float sum;
};

enum jade_rabitq_metric { JADE_RABITQ_L2SQ, JADE_RABITQ_NDOT };

/// How rows and queries become codes.
struct jade_rabitq {
    size_t dimension;
    enum jade_rabitq_metric metric;
    /// The rotated centre, for ndot alone; NULL is zero.
    const float *JADE_NULLABLE center;
    float epsilon;
};

/// A query, ready. The memory of `codes` is the caller's.
struct jade_rabitq_query {
    /// `jade_rabitq1_query_bytes`, or those of another number of bits, bytes at any address.
    void *JADE_NONNULL codes;
    float add;
    float low;
    float step;
    float bias;
    float error;
    /// Of 1-bit rows: the bits of a component, 1 to 8, set by `query`.
    uint32_t bits;
    /// Of rows of more bits: the sum of v.
    int32_t sum;
};

// Rows of 1 bit: component i is bit i % 8 of byte i / 8. Rows of 4 bits: of every 128 components, 64 bytes, byte b has component
// b in its lower half and b + 64 in its upper half. Rows of 8 bits: a byte a component. Rows of 2, 3, 5, 6 and 7 bits: of every 128
// components the upper four bits, if there are as many as four, then the next two, then the last one, whichever of these add up to
// the code; each in groups of 16 bytes, of which byte b has components b, b + 16, b + 32, … of the group, from its lowest bits on. All
// are filled up with zeros, to 16, 64, 64 and 16 bytes a bit, so that whole words may be read.
static inline size_t jade_rabitq1_bytes(size_t dimension)
{
    return sizeof(struct jade_rabitq_head) + (dimension + 127) / 128 * 16;
}
static inline size_t jade_rabitq4_bytes(size_t dimension)
{
    return sizeof(struct jade_rabitq_head) + (dimension + 127) / 128 * 64;
}
static inline size_t jade_rabitq8_bytes(size_t dimension)
{
    return sizeof(struct jade_rabitq_head) + (dimension + 63) / 64 * 64;
}
static inline size_t jade_rabitq_mixed_bytes(size_t dimension, size_t bits)
{
    return sizeof(struct jade_rabitq_head) + (dimension + 127) / 128 * 16 * bits;
}
static inline size_t jade_rabitq2_bytes(size_t dimension) { return jade_rabitq_mixed_bytes(dimension, 2); }
static inline size_t jade_rabitq3_bytes(size_t dimension) { return jade_rabitq_mixed_bytes(dimension, 3); }
static inline size_t jade_rabitq5_bytes(size_t dimension) { return jade_rabitq_mixed_bytes(dimension, 5); }
static inline size_t jade_rabitq6_bytes(size_t dimension) { return jade_rabitq_mixed_bytes(dimension, 6); }
static inline size_t jade_rabitq7_bytes(size_t dimension) { return jade_rabitq_mixed_bytes(dimension, 7); }

// Queries of 1-bit rows: of every 128 components four planes of 16 bytes, the lowest bit first, then, if there are more than 4
// bits, the other four. Queries of the others: a signed byte a component, filled up with zeros.
static inline size_t jade_rabitq1_query_bytes(size_t dimension, uint32_t bits)
{
    return (dimension + 127) / 128 * (bits > 4 ? 128 : 64);
}
static inline size_t jade_rabitq4_query_bytes(size_t dimension) { return (dimension + 127) / 128 * 128; }
static inline size_t jade_rabitq8_query_bytes(size_t dimension) { return (dimension + 63) / 64 * 64; }
static inline size_t jade_rabitq2_query_bytes(size_t dimension) { return jade_rabitq4_query_bytes(dimension); }
static inline size_t jade_rabitq3_query_bytes(size_t dimension) { return jade_rabitq4_query_bytes(dimension); }
static inline size_t jade_rabitq5_query_bytes(size_t dimension) { return jade_rabitq4_query_bytes(dimension); }
static inline size_t jade_rabitq6_query_bytes(size_t dimension) { return jade_rabitq4_query_bytes(dimension); }
static inline size_t jade_rabitq7_query_bytes(size_t dimension) { return jade_rabitq4_query_bytes(dimension); }
