#if defined(__x86_64__)
#define JADE_LEVEL avx512vnni
#define TILES_MANY avx512vnni
#define TILES_SELECT avx512
#include "bytes_by_rows.h"
#endif
