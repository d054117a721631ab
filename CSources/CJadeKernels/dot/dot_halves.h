/// The dot product of 16-bit floats, widened to f32, and its negative, which is a distance.
#pragma once

#include "../dispatch/prototypes.h"

#define PAIR_STEP pair_dot

#define PAIR_FINISH(total) (total)
#define JADE_KERNEL dot_f16
#define ELEMENT jade_f16
#define TYPE f16
#include "../shared/pair_rows.h"
#define JADE_KERNEL dot_bf16
#define ELEMENT jade_bf16
#define TYPE bf16
#include "../shared/pair_rows.h"
#undef PAIR_FINISH

#define PAIR_FINISH(total) (-(total))
#define JADE_KERNEL ndot_f16
#define ELEMENT jade_f16
#define TYPE f16
#include "../shared/pair_rows.h"
#define JADE_KERNEL ndot_bf16
#define ELEMENT jade_bf16
#define TYPE bf16
#include "../shared/pair_rows.h"
#undef PAIR_FINISH
#undef PAIR_STEP
