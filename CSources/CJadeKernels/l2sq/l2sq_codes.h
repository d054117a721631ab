/// Squared Euclidean distance of a query of f32 from rows of codes.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/code_rows.h"

#define SQ8_KERNEL l2sq_sq8
#define SQ4_KERNEL l2sq_sq4
#define PAIR_STEP pair_l2sq
#define PAIR_FINISH(total) (total)
#include "../shared/sq_rows.h"
#undef PAIR_STEP
#undef PAIR_FINISH
