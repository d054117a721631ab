#if defined(__aarch64__)
#define JADE_LEVEL neondot
#define TILES_MANY neondot
#define TILES_SELECT neon
#include "bytes_by_rows.h"
#endif
