/// Six rows by four vectors of queries: 24 sums, four queries and one row.
#if defined(__aarch64__)
#include "words_neon.h"

#define WIDE 4
#define ROWS_DEEP 6
#define TILES_ONE(family) jade_##family##_f32_one_neon
#include "tiles_f32.h"

#define TILES_MANY neon
#define TILES_SELECT neon
#include "bytes_by_rows.h"
#include "bf16_by_rows.h"
#endif
