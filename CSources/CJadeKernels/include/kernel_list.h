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
/// Element types:
///   f32         IEEE 754 binary32.
///   f16, bf16   16-bit floats in a word of 16 bits; widened to f32, then as f32.
///   i8, u8      bytes with and without a sign. Sums are exact whole numbers up to dimension 65536 (beyond that they wrap
///               at 2^32) and are rounded to f32 once at the end; cosine is computed from exact sums in double.
///   b1          bits, component i in bit i % 8 of byte i / 8; `dimension` counts bits, and the bits behind the last one
///               do not count, whatever they hold.
///
/// Families (a = query, b = row; floats sum in f32, several partial sums per row):
///   l2sq    sum of (a-b)^2, the distance of metric "euclidean"; 0 when dimension is 0.
///   dot     sum of a*b.
///   ndot    minus the dot product, the distance of metric "dot".
///   cosine  1 - a*b / (|a| |b|) within [0, 2]; 1 when either norm is 0. Norms of floats are squared in f32: components
///           beyond about 1e19 or all below about 1e-19 leave the range and give NaN and 1.
///   l1      sum of |a-b|.
///   hamming how many bits differ.
///   jaccard 1 - |a and b| / |a or b|; 0 when neither has a bit.
/// Tolerance against exact arithmetic on the values as they are stored: for f32, f16 and bf16 2e-6 of the sum of the
/// terms' magnitudes (cosine, all types: 2e-6 absolute); i8, u8 and b1 are exact but for the one rounding. NaN in gives
/// NaN out; infinities follow IEEE 754; denormal numbers count.
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

/// Every family that an element type has beside f32.
#define JADE_DISTANCES(X, type, element)                                                                               \
    JADE_DISTANCE_SHAPES(X, l2sq_##type, element)                                                                      \
    JADE_DISTANCE_SHAPES(X, dot_##type, element)                                                                       \
    JADE_DISTANCE_SHAPES(X, ndot_##type, element)                                                                      \
    JADE_DISTANCE_SHAPES(X, cosine_##type, element)                                                                    \
    JADE_DISTANCE_SHAPES(X, l1_##type, element)

#define JADE_KERNELS(X)                                                                                                \
    JADE_DISTANCE_SHAPES(X, l2sq_f32, float)                                                                           \
    JADE_DISTANCE_SHAPES(X, dot_f32, float)                                                                            \
    JADE_DISTANCE_SHAPES(X, ndot_f32, float)                                                                           \
    JADE_DISTANCE_SHAPES(X, cosine_f32, float)                                                                         \
    JADE_DISTANCE_SHAPES(X, l1_f32, float)                                                                             \
    JADE_DISTANCES(X, f16, jade_f16)                                                                                   \
    JADE_DISTANCES(X, bf16, jade_bf16)                                                                                 \
    JADE_DISTANCES(X, i8, int8_t)                                                                                      \
    JADE_DISTANCES(X, u8, uint8_t)                                                                                     \
    JADE_DISTANCE_SHAPES(X, hamming_b1, uint8_t)                                                                       \
    JADE_DISTANCE_SHAPES(X, jaccard_b1, uint8_t)                                                                       \
    X(topk_f32, select, void,                                                                                          \
      (struct jade_topk *JADE_NONNULL state, const float *JADE_NONNULL distances,                                      \
       const uint32_t *JADE_NULLABLE ordinals, uint32_t first_ordinal, size_t count))                                  \
    X(crc32c, update, uint32_t, (uint32_t crc, const void *JADE_NULLABLE bytes, size_t count))

/// The levels, lowest first: X(level). A level is named by what its kernels need, see `dispatch/choose.c`.
#define JADE_LEVELS(X) X(serial) X(avx2) X(avx512) X(avx512vnni) X(sapphire) X(neon) X(neondot)
