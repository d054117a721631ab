/// One cosine kernel over bytes; included once per element type.
#define SLOTS 2
#define SUM cosine_ints
#define SUM_START(row) cosine_ints_zero()
#define SUM_ADD cosine_ints_add
#define OWN cosine_ints
#define OWN_START cosine_ints_zero()
#define OWN_ADD cosine_ints_add
#define PREPARED cosine_query
#include "../shared/byte_rows.h"
