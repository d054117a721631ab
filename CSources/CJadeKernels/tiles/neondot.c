/// Six rows by four vectors of queries, four components at a time.
#if defined(__aarch64__)
#include "../shared/vec_neondot.h"
#include "words_neon.h"

#define LINE_BIAS 0
#include "bytes_of_groups.h"
#define BYTES_WIDE 4
#define BYTES_DEEP 6
#include "tiles_bytes.h"
#endif
