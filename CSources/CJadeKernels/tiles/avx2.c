/// Floats: six rows by two vectors of queries, twelve sums, two queries and one row. Bytes: three rows by four vectors, twelve sums, two
/// words of a row, and queries as memory operands. Lanes of 64 bits: four rows by one vector, which is two words.
#if defined(__x86_64__)
#include "words_avx2.h"

#define FLOATS_WIDE 2
#define FLOATS_DEEP 6
#include "float_tiles.h"

#include "bytes_of_pairs.h"
#define BYTES_WIDE 4
#define BYTES_DEEP 3
#include "tiles_bytes.h"

#define WIDE 1
#define ROWS_DEEP 4
#include "tiles_bits.h"

#define L1_WIDE 1
#define L1_DEEP 4
#include "tiles_l1_bytes.h"
#endif
