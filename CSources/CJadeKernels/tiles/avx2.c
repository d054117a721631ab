/// f32: six rows by two vectors of queries, twelve sums, two queries and one row. Bytes: three rows by four vectors, twelve sums, two
/// words of a row, and queries as memory operands.
#if defined(__x86_64__)
#include "words_avx2.h"

#define WIDE 2
#define ROWS_DEEP 6
#define TILES_ONE(family) jade_##family##_f32_one_avx2
#include "tiles_f32.h"

#include "bytes_of_pairs.h"
#define BYTES_WIDE 4
#define BYTES_DEEP 3
#include "tiles_bytes.h"

#define TILES_MANY avx2
#define TILES_SELECT avx2
#include "bf16_by_rows.h"
#endif
