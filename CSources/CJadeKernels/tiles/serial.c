#define JADE_LEVEL serial
#define TILES_MANY serial
#define TILES_SELECT serial
#define TILES_KERNEL tiles_f32
#define TILES_TYPE f32
#define ELEMENT float
#include "by_rows.h"
#include "halves_by_rows.h"
#include "bytes_by_rows.h"
#include "bits_by_rows.h"
#include "l1_floats_by_rows.h"
#include "l1_bytes_by_rows.h"
