/// Bytes: twelve rows by two vectors of queries, four components at a time. Bits: eight rows by one vector, which is two words.
#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"
#include "words_avx512.h"
#include "../shared/byte_products.h"

#define LINE_BIAS 0x80
#include "bytes_of_groups.h"
#define BYTES_WIDE 2
#define BYTES_DEEP 12
#include "tiles_bytes.h"

#define WIDE 1
#define ROWS_DEEP 8
#include "tiles_bits.h"
#endif
