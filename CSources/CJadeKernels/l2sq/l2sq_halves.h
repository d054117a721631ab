/// Squared Euclidean distance of 16-bit floats, widened to f32.
#pragma once

#include "../dispatch/prototypes.h"

#define JADE_KERNEL l2sq_f16
#define ELEMENT jade_f16
#define TYPE f16
#define PAIR_STEP pair_l2sq
#define PAIR_FINISH(total) (total)
#include "../shared/pair_rows.h"

#define JADE_KERNEL l2sq_bf16
#define ELEMENT jade_bf16
#define TYPE bf16
#include "../shared/pair_rows.h"
#undef PAIR_STEP
#undef PAIR_FINISH
