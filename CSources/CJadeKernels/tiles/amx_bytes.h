/// Tiles of one byte type by AMX; included by `sapphire.c`, which names it.
#define WIDE 2
#define ROWS_DEEP 32
#define TILES_ARE_EXACT 1
#define TILES_ARE_FLUSHED false

JADE_REGION_BEGIN
static inline void OWN(pack_groups)(const struct jade_queries *queries)
{
    groups_pack(queries, queries->dimension, WIDE * LANES, 0);
}
JADE_REGION_END

#include "ints.h"
#include "tiles_amx.h"
