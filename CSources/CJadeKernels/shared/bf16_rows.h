/// Products of bf16 by the instruction that adds two of them to a sum of f32, for `rows.h`. It takes denormal numbers for 0.
#define ELEMENT jade_bf16
#define ONE_ROW jade_bf16
#define WORD (WORD_BYTES / 2)
#define ROW_BYTES(at) (2 * (at))
#define QWORD word
#define QLOAD(query, at) word_load((query) + (at))
#define QLOAD_PART(query, at, count) word_load_part((query) + (at), 2 * (count))
#define XWORD word
#define XLOAD(row, at) word_load((row) + 2 * (at))
#define XLOAD_PART(row, at, count) word_load_part((row) + 2 * (at), 2 * (count))
#include "rows.h"
