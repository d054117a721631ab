/// The dot product of a query of f32 with rows of codes, and its negative, which is a distance.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/code_rows.h"

#define PAIR_STEP pair_dot
#define SQ8_KERNEL dot_sq8
#define SQ4_KERNEL dot_sq4
#define PAIR_FINISH(total) (total)
#include "../shared/sq_rows.h"
#undef PAIR_FINISH
#define SQ8_KERNEL ndot_sq8
#define SQ4_KERNEL ndot_sq4
#define PAIR_FINISH(total) (-(total))
#include "../shared/sq_rows.h"
#undef PAIR_FINISH
#undef PAIR_STEP
