/// One distance over bits at all its shapes; a word holds eight components a byte.
#define ELEMENT uint8_t
#define ONE_ROW uint8_t
#define WORD (8 * WORD_BYTES)
#define ROW_BYTES(at) ((at) / 8)
#define QWORD word
#define QLOAD(query, at) word_load((query) + (at) / 8)
#define QLOAD_PART(query, at, count) bits_part((query) + (at) / 8, count)
#define XWORD word
#define XLOAD(row, at) word_load((row) + (at) / 8)
#define XLOAD_PART(row, at, count) bits_part((const uint8_t *)(row) + (at) / 8, count)
#include "../shared/rows.h"
