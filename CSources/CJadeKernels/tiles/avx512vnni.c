/// Twelve rows by two vectors of queries, four components at a time.
#if defined(__x86_64__)
#include "../shared/vec_avx512vnni.h"
#include "../shared/words_avx512.h"
#include "bytes_work.h"

#define TILES_KERNEL tiles_i8
#define ELEMENT int8_t
#define TILES_IS_SIGNED true
#include "tiles_bytes.h"

#define TILES_KERNEL tiles_u8
#define ELEMENT uint8_t
#define TILES_IS_SIGNED false
#include "tiles_bytes.h"
#endif
