/// The one list of kernels. From it are made the fields of `struct jade_kernels`, the prototypes of every level and the
/// table of every level: what is listed here and neither written nor inherited at some level does not compile.
///
///     X(kernel, shape, result, parameters)
///
/// A kernel is a family and an element type; all its shapes live together in `<family>/<level>.c` under the names
/// `jade_<kernel>_<shape>_<level>`.
///
/// Shapes of a distance:
///   one     between two vectors.
///   many    from a query to `count` rows that start `stride_bytes` apart; `out` receives `count` numbers.
///   gather  from a query to the `count` rows whose numbers `ordinals` gives, row `n` at `base + n * stride_bytes`;
///           rows that come next are fetched into the cache while the present ones are computed.
/// All shapes add in the same order, so the same pair gives the same bits whichever shape is asked.
/// Pointers need the alignment of their element and no more; nothing behind the last component is read.
/// `dimension` and `count` may be 0.
///
/// Families (a = query, b = row; f32 sums in f32, several partial sums per row):
///   l2sq    sum of (a-b)^2, the distance of metric "euclidean"; 0 when dimension is 0.
///   dot     sum of a*b.
///   ndot    minus the dot product, the distance of metric "dot".
///   cosine  1 - a*b / (|a| |b|) within [0, 2]; 1 when either norm is 0. Norms are squared in f32: components beyond
///           about 1e19 or all below about 1e-19 leave the range and give NaN and 1.
/// Tolerance against exact arithmetic: 2e-6 of the sum of the terms' magnitudes (cosine: 2e-6 absolute). NaN in gives
/// NaN out; infinities follow IEEE 754.
///
/// Others:
///   topk    see jade_topk.h.
///   crc32c  CRC-32 with the Castagnoli polynomial as in RFC 3720; `crc` is 0 at first, then the last result.

#define JADE_DISTANCE_SHAPES(X, kernel, element)                                                                       \
    X(kernel, one, float, (const element *JADE_NONNULL a, const element *JADE_NONNULL b, size_t dimension))            \
    X(kernel, many, void,                                                                                              \
      (const element *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes, size_t count,            \
       size_t dimension, float *JADE_NONNULL out))                                                                     \
    X(kernel, gather, void,                                                                                            \
      (const element *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes,                          \
       const uint32_t *JADE_NONNULL ordinals, size_t count, size_t dimension, float *JADE_NONNULL out))

#define JADE_KERNELS(X)                                                                                                \
    JADE_DISTANCE_SHAPES(X, l2sq_f32, float)                                                                           \
    JADE_DISTANCE_SHAPES(X, dot_f32, float)                                                                            \
    JADE_DISTANCE_SHAPES(X, ndot_f32, float)                                                                           \
    JADE_DISTANCE_SHAPES(X, cosine_f32, float)                                                                         \
    X(topk_f32, select, void,                                                                                          \
      (struct jade_topk *JADE_NONNULL state, const float *JADE_NONNULL distances,                                      \
       const uint32_t *JADE_NULLABLE ordinals, uint32_t first_ordinal, size_t count))                                  \
    X(crc32c, update, uint32_t, (uint32_t crc, const void *JADE_NULLABLE bytes, size_t count))

/// The levels, lowest first: X(level). A level is named by what its kernels need, see `dispatch/choose.c`.
#define JADE_LEVELS(X) X(serial) X(avx2) X(avx512) X(neon)
