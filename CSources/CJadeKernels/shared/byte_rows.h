/// One distance over bytes that is a whole number until its end, at all its shapes. The including header names
/// JADE_KERNEL, ELEMENT, STEP, SUM_ADD, SUM, SUM_START and FINISH, and what the query adds, as `rows.h` says.
#define ONE_ROW ELEMENT
#define WORD WORD_BYTES
#ifndef SLOTS
#define SLOTS 4
#endif
#ifndef SUM
#define SUM ints
#define SUM_START(row) ints_zero()
#define SUM_ADD ints_add
#endif
#define ROW_BYTES(at) (at)
#define QWORD word
#define QLOAD(query, at) word_load((query) + (at))
#define QLOAD_PART(query, at, count) word_load_part((query) + (at), count)
#define XWORD word
#define XLOAD(row, at) word_load((row) + (at))
#define XLOAD_PART(row, at, count) word_load_part((row) + (at), count)
#include "rows.h"
