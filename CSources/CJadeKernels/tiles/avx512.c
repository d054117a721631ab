/// f32: twelve rows by two vectors of queries, 24 sums, two queries, and rows as memory operands. Bytes: six rows by four vectors.
#if defined(__x86_64__)
#include "words_avx512.h"

#define WIDE 2
#define ROWS_DEEP 12
#define TILES_ONE(family) jade_##family##_f32_one_avx512
#include "tiles_f32.h"

#include "bytes_of_pairs.h"
#define BYTES_WIDE 4
#define BYTES_DEEP 6
#include "tiles_bytes.h"

#define TILES_MANY avx512
#define TILES_SELECT avx512
#include "bf16_by_rows.h"
#endif
