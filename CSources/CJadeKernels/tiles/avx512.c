/// Floats: twelve rows by two vectors of queries, 24 sums, two queries, and rows as memory operands. Bytes: six rows by four vectors.
/// Lanes of 64 bits: eight rows by one vector, which is two words.
#if defined(__x86_64__)
#include "words_avx512.h"

#define FLOATS_WIDE 2
#define FLOATS_DEEP 12
#include "float_tiles.h"

#include "bytes_of_pairs.h"
#define BYTES_WIDE 4
#define BYTES_DEEP 6
#include "tiles_bytes.h"

#define WIDE 1
#define ROWS_DEEP 8
#include "tiles_bits.h"

#define L1_WIDE 1
#define L1_DEEP 8
#include "tiles_l1_bytes.h"
#endif
