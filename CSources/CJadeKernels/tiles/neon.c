/// Six rows by four vectors of queries: 24 sums, four queries and one row.
#if defined(__aarch64__)
#include "words_neon.h"

#define FLOATS_WIDE 4
#define FLOATS_DEEP 6
#include "float_tiles.h"

#define TILES_MANY neon
#define TILES_SELECT neon
#include "bytes_by_rows.h"
#include "bits_by_rows.h"
#include "l1_bytes_by_rows.h"
#endif
