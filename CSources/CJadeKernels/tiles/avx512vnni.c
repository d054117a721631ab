/// Twelve rows by two vectors of queries, four components at a time.
#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"
#include "words_avx512.h"
#include "../shared/byte_products.h"

#define LINE_BIAS 0x80
#include "bytes_of_groups.h"
#define BYTES_WIDE 2
#define BYTES_DEEP 12
#include "tiles_bytes.h"
#endif
