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
/// Unusual input has these results, at every level:
///   no components   what the families say below for 0; a pointer to a vector is not read then, so any will do, NULL among them.
///   no rows         nothing is written, and neither rows, ordinals nor `out` are read; NULL will do.
///   NaN             in a vector: NaN for every family over floats (cosine and `one` among them), which no selection takes and every
///                   screen lets pass. Other rows of the same call are not disturbed.
///   k > n           a selection holds what there was, `count` below `capacity`; a capacity of 0 selects nothing.
///   ordinals        must name rows of `base`: they are not checked.
///
/// Element types:
///   f32         IEEE 754 binary32.
///   f16, bf16   16-bit floats in a word of 16 bits; widened to f32, then as f32.
///   i8, u8      bytes with and without a sign. Sums are exact whole numbers up to dimension 65536 (beyond that they wrap
///               at 2^32) and are rounded to f32 once at the end; cosine is computed from exact sums in double.
///   sq8, sq4    rows of codes with their own scale and offset, see jade_codes.h; the query is f32.
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
/// terms' magnitudes (cosine, all types: 2e-6 absolute); i8, u8 and b1 are exact but for the one rounding; sq8 and sq4
/// against the decoded rows x: dot 2e-6 of the sum of |q| (|offset| + |x|), l2sq 4e-6 of that and the sum of squares. NaN in
/// gives NaN out; infinities follow IEEE 754; denormal numbers count, but for those of bf16 in l2sq, dot, ndot and cosine
/// at level zen4.
///
/// Conversions, one vector (`row`) at a time; `in` and `out` may be the same memory only where the sizes are equal:
///   f32_to_f16, f32_to_bf16   to the nearest, ties to even; beyond the range infinity, NaN stays NaN and becomes quiet;
///                             denormal numbers are kept. The same bits at every level.
///   f16_to_f32, bf16_to_f32   exact.
///   normalize_f32  to length 1 (within 1e-6), and returns the length, of any finite vector; zero, and what is not finite,
///                  is copied as it is.
///   f32_to_i8      in / step, to the nearest, within [-127, 127]; NaN, and everything if step is not positive, becomes 0.
///   i8_to_f32      in * step.
///   f32_to_sq8, f32_to_sq4    codes 0 ... 255 or 0 ... 15 between the least component (offset) and the largest; the error of
///                  a component is at most 0.501 of the scale. A component that is not finite, or a range wider than f32
///                  holds, makes offset NaN and every code 0, so every distance from such a row is NaN.
///   sq8_to_f32, sq4_to_f32    offset + scale * code.
///
/// Tiles, many queries against many rows (see jade_tiles.h); `pack` comes first, counts may be 0. A batch is good for the families of
/// the kernel that packed it; those of l1 are kernels of their own, tiles_l1_<type>:
///   l2sq, ndot     distances: that of query q and row r at out[r * out_stride + q]. i8 and u8 as in `many`. f32, f16 and bf16: l2sq is
///                  not below 0 and within (d + 16) * 2^-22 of |q|^2 + |x|^2, ndot within (d + 16) * 2^-24 of the sum of |q| |x|;
///                  at levels zen4 and sapphire denormal numbers of bf16 count as 0 there. NaN in a vector makes ndot NaN, and
///                  l2sq NaN or 0.
///   hamming, jaccard    the same bits as `many`.
///   l1             i8 and u8 as in `many`; floats within (d + 16) * 2^-23 of it.
///   l2sq_search and so on    offer rows `first_ordinal`, `first_ordinal` + 1, … to every query's selection, with the
///                  result that `many` and `topk_f32` of the same level have, to the bit.
///   screen         names the pairs whose product is not below their bar, in no promised order; returns how many. `out` needs room
///                  for every pair. Products are those of `ndot` without its sign.
///
/// Product quantization (see jade_pq.h), K = 256 for pq8 and 16 for pq4; sub_dimension 1 to 32 is what it is tuned for:
///   f32_to_pq8, f32_to_pq4    codes of `count` rows: a centroid to which the distance, summed in f32 from the first component to
///                  the last, is least; the smaller number between equals. NaN and distances beyond f32 are never least, and
///                  where nothing is, the code is 0.
///   pq8_to_f32, pq4_to_f32    the centroids that a row's codes name.
///   table_pq8, table_pq4      l2sq and ndot of a query's pieces from all centroids: K numbers a subspace.
///   lookup_pq8, lookup_pq4    shapes one, many, gather with such a table as the query and the number of subspaces as the
///                  dimension: the sum of the entries that a row's codes name, within 2e-6 of the sum of their magnitudes.
///   fastscan_pq4   over blocks. quantize makes a table of bytes from one of f32: every distance within scale * subspaces / 2, and
///                  1e-6 of the sum of the subspaces' largest magnitudes, of what the table of f32 gives, for up to 32768
///                  subspaces; entries or ranges of entries that are not finite make bias NaN and all bytes 0. Sums never pass 65535.
///                  sums: of every row. passing: keys sum << 32 | (first_row + row) of the rows whose sum is at most `limit`, in
///                  order of rows, into room for `count`; returns how many. search: offers every row to every query's selection
///                  with the distance bias + scale * sum, in f32, and the ordinal first_ordinal + row, or ordinals[row].
///
/// RaBitQ (see jade_rabitq.h):
///   f32_to_rabitq1 to 8    row: the head and codes of a moved and rotated vector. query: the codes and numbers of a query, whose
///                  `codes` point to the caller's memory; `bits` is 1 to 8 (others count as the nearest of these), ignored for
///                  more than one bit a component, whose queries have 8.
///   rabitq1 to rabitq8    estimates of the distance and, if `lower` is not NULL, the bounds. <u, v> is exact up to
///                  dimension 65536; the rest is f32 arithmetic within 1e-6 of the sum of the terms' magnitudes.
///
/// Rotation (see jade_rotate.h):
///   rotate_f32     forward and inverse, in place, within 1e-6 * rounds * log2(dimension) of the vector's length; a component that
///                  is not finite makes components NaN or infinite.
///
/// Others:
///   topk    see jade_topk.h.
///   crc32c  CRC-32 with the Castagnoli polynomial as in RFC 3720; `crc` is 0 at first, then the last result.

#define JADE_DISTANCE_SHAPES(X, kernel, element)                                                                       \
    X(kernel, one, float, (const element *JADE_NONNULL a, const element *JADE_NONNULL b, size_t dimension))            \
    JADE_ROWS_SHAPES(X, kernel, element)

#define JADE_ROWS_SHAPES(X, kernel, element)                                                                           \
    X(kernel, many, void,                                                                                              \
      (const element *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes, size_t count,            \
       size_t dimension, float *JADE_NONNULL out))                                                                     \
    X(kernel, gather, void,                                                                                            \
      (const element *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes,                          \
       const uint32_t *JADE_NONNULL ordinals, size_t count, size_t dimension, float *JADE_NONNULL out))

/// Rows of codes (`jade_codes.h`) are compared with a query of f32.
#define JADE_CODE_SHAPES(X, kernel)                                                                                    \
    X(kernel, one, float, (const float *JADE_NONNULL query, const void *JADE_NONNULL row, size_t dimension))           \
    JADE_ROWS_SHAPES(X, kernel, float)

#define JADE_TILE_SHAPES(X, kernel)                                                                                    \
    X(kernel, pack, void, (const struct jade_queries *JADE_NONNULL queries))                                           \
    JADE_TILE_FAMILY(X, kernel, l2sq, l2sq_search)                                                                     \
    JADE_TILE_FAMILY(X, kernel, ndot, ndot_search)                                                                     \
    X(kernel, screen, size_t,                                                                                          \
      (const struct jade_queries *JADE_NONNULL queries, const void *JADE_NONNULL base, size_t stride_bytes,            \
       size_t count, const struct jade_screen *JADE_NONNULL screen, struct jade_pair *JADE_NONNULL out))

/// Of bits, and of the sum of magnitudes: no product, so no screen.
#define JADE_BIT_TILE_SHAPES(X, kernel)                                                                                \
    X(kernel, pack, void, (const struct jade_queries *JADE_NONNULL queries))                                           \
    JADE_TILE_FAMILY(X, kernel, hamming, hamming_search)                                                               \
    JADE_TILE_FAMILY(X, kernel, jaccard, jaccard_search)
#define JADE_L1_TILE_SHAPES(X, kernel)                                                                                 \
    X(kernel, pack, void, (const struct jade_queries *JADE_NONNULL queries))                                           \
    JADE_TILE_FAMILY(X, kernel, l1, l1_search)

#define JADE_TILE_FAMILY(X, kernel, matrix, search)                                                                    \
    X(kernel, matrix, void,                                                                                            \
      (const struct jade_queries *JADE_NONNULL queries, const void *JADE_NONNULL base, size_t stride_bytes,            \
       size_t count, float *JADE_NONNULL out, size_t out_stride))                                                      \
    X(kernel, search, void,                                                                                            \
      (const struct jade_queries *JADE_NONNULL queries, const void *JADE_NONNULL base, size_t stride_bytes,            \
       uint32_t first_ordinal, size_t count, struct jade_topk *JADE_NONNULL states))

#define JADE_PQ_SHAPES(X, type)                                                                                        \
    X(f32_to_##type, rows, void,                                                                                       \
      (const struct jade_pq *JADE_NONNULL pq, const void *JADE_NONNULL rows, size_t stride_bytes, size_t count,        \
       void *JADE_NONNULL codes, size_t codes_stride_bytes))                                                           \
    X(type##_to_f32, row, void,                                                                                        \
      (const struct jade_pq *JADE_NONNULL pq, const void *JADE_NONNULL codes, float *JADE_NONNULL out))                \
    X(table_##type, l2sq, void,                                                                                        \
      (const struct jade_pq *JADE_NONNULL pq, const float *JADE_NONNULL query, float *JADE_NONNULL out))               \
    X(table_##type, ndot, void,                                                                                        \
      (const struct jade_pq *JADE_NONNULL pq, const float *JADE_NONNULL query, float *JADE_NONNULL out))               \
    JADE_CODE_SHAPES(X, lookup_##type)

#define JADE_FASTSCAN_SHAPES(X, kernel)                                                                                \
    X(kernel, quantize, void,                                                                                          \
      (const float *JADE_NONNULL table, size_t subspaces, struct jade_pq4_table *JADE_NONNULL out))                    \
    X(kernel, sums, void,                                                                                              \
      (const uint8_t *JADE_NONNULL entries, const struct jade_pq4_blocks *JADE_NONNULL rows,                           \
       uint16_t *JADE_NONNULL out))                                                                                    \
    X(kernel, passing, size_t,                                                                                         \
      (const uint8_t *JADE_NONNULL entries, const struct jade_pq4_blocks *JADE_NONNULL rows, uint32_t limit,           \
       uint32_t first_row, uint64_t *JADE_NONNULL out))                                                                \
    X(kernel, search, void,                                                                                            \
      (const struct jade_pq4_table *JADE_NONNULL tables, size_t queries,                                               \
       const struct jade_pq4_blocks *JADE_NONNULL rows, const uint32_t *JADE_NULLABLE ordinals,                        \
       uint32_t first_ordinal, struct jade_topk *JADE_NONNULL states))

#define JADE_RABITQ_SHAPES(X, type)                                                                                    \
    X(f32_to_##type, row, void,                                                                                        \
      (const struct jade_rabitq *JADE_NONNULL space, const float *JADE_NONNULL in, void *JADE_NONNULL row))            \
    X(f32_to_##type, query, void,                                                                                      \
      (const struct jade_rabitq *JADE_NONNULL space, const float *JADE_NONNULL in, uint32_t bits,                      \
       struct jade_rabitq_query *JADE_NONNULL query))                                                                  \
    X(type, many, void,                                                                                                \
      (const struct jade_rabitq_query *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes,         \
       size_t count, size_t dimension, float *JADE_NONNULL out, float *JADE_NULLABLE lower))                           \
    X(type, gather, void,                                                                                              \
      (const struct jade_rabitq_query *JADE_NONNULL query, const void *JADE_NONNULL base, size_t stride_bytes,         \
       const uint32_t *JADE_NONNULL ordinals, size_t count, size_t dimension, float *JADE_NONNULL out,                 \
       float *JADE_NULLABLE lower))

#define JADE_ROTATE_SHAPE(X, kernel, shape)                                                                            \
    X(kernel, shape, void, (const struct jade_rotation *JADE_NONNULL rotation, float *JADE_NONNULL vector))

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
    JADE_CODE_SHAPES(X, l2sq_sq8)                                                                                      \
    JADE_CODE_SHAPES(X, l2sq_sq4)                                                                                      \
    JADE_CODE_SHAPES(X, dot_sq8)                                                                                       \
    JADE_CODE_SHAPES(X, dot_sq4)                                                                                       \
    JADE_CODE_SHAPES(X, ndot_sq8)                                                                                      \
    JADE_CODE_SHAPES(X, ndot_sq4)                                                                                      \
    X(f32_to_f16, row, void, (const float *JADE_NONNULL in, size_t count, jade_f16 *JADE_NONNULL out))                 \
    X(f16_to_f32, row, void, (const jade_f16 *JADE_NONNULL in, size_t count, float *JADE_NONNULL out))                 \
    X(f32_to_bf16, row, void, (const float *JADE_NONNULL in, size_t count, jade_bf16 *JADE_NONNULL out))               \
    X(bf16_to_f32, row, void, (const jade_bf16 *JADE_NONNULL in, size_t count, float *JADE_NONNULL out))               \
    X(normalize_f32, row, float, (const float *JADE_NONNULL in, size_t dimension, float *JADE_NONNULL out))            \
    X(f32_to_i8, row, void, (const float *JADE_NONNULL in, float step, size_t dimension, int8_t *JADE_NONNULL out))    \
    X(i8_to_f32, row, void, (const int8_t *JADE_NONNULL in, float step, size_t dimension, float *JADE_NONNULL out))    \
    X(f32_to_sq8, row, void, (const float *JADE_NONNULL in, size_t dimension, void *JADE_NONNULL row))                 \
    X(f32_to_sq4, row, void, (const float *JADE_NONNULL in, size_t dimension, void *JADE_NONNULL row))                 \
    X(sq8_to_f32, row, void, (const void *JADE_NONNULL row, size_t dimension, float *JADE_NONNULL out))                \
    X(sq4_to_f32, row, void, (const void *JADE_NONNULL row, size_t dimension, float *JADE_NONNULL out))                \
    JADE_TILE_SHAPES(X, tiles_f32)                                                                                     \
    JADE_TILE_SHAPES(X, tiles_f16)                                                                                     \
    JADE_TILE_SHAPES(X, tiles_bf16)                                                                                    \
    JADE_TILE_SHAPES(X, tiles_i8)                                                                                      \
    JADE_TILE_SHAPES(X, tiles_u8)                                                                                      \
    JADE_BIT_TILE_SHAPES(X, tiles_b1)                                                                                  \
    JADE_L1_TILE_SHAPES(X, tiles_l1_f32)                                                                               \
    JADE_L1_TILE_SHAPES(X, tiles_l1_f16)                                                                               \
    JADE_L1_TILE_SHAPES(X, tiles_l1_bf16)                                                                              \
    JADE_L1_TILE_SHAPES(X, tiles_l1_i8)                                                                                \
    JADE_L1_TILE_SHAPES(X, tiles_l1_u8)                                                                                \
    JADE_PQ_SHAPES(X, pq8)                                                                                             \
    JADE_PQ_SHAPES(X, pq4)                                                                                             \
    JADE_FASTSCAN_SHAPES(X, fastscan_pq4)                                                                              \
    JADE_RABITQ_SHAPES(X, rabitq1)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq2)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq3)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq4)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq5)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq6)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq7)                                                                                     \
    JADE_RABITQ_SHAPES(X, rabitq8)                                                                                     \
    JADE_ROTATE_SHAPE(X, rotate_f32, forward)                                                                          \
    JADE_ROTATE_SHAPE(X, rotate_f32, inverse)                                                                          \
    X(topk_f32, select, void,                                                                                          \
      (struct jade_topk *JADE_NONNULL state, const float *JADE_NONNULL distances,                                      \
       const uint32_t *JADE_NULLABLE ordinals, uint32_t first_ordinal, size_t count))                                  \
    X(crc32c, update, uint32_t, (uint32_t crc, const void *JADE_NULLABLE bytes, size_t count))

/// The levels, lowest first: X(level). A level is named by what its kernels need, see `dispatch/choose.c`.
#define JADE_LEVELS(X) X(serial) X(avx2) X(avx512) X(avx512vnni) X(zen4) X(sapphire) X(neon) X(neondot)
