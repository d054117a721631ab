/// The sum of absolute differences of floating-point components.
#pragma once

#include "../dispatch/prototypes.h"

#define PAIR_STEP pair_l1
#define PAIR_FINISH(total) (total)

#define JADE_KERNEL l1_f32
#define ELEMENT float
#define TYPE f32
#include "../shared/pair_rows.h"
#define JADE_KERNEL l1_f16
#define ELEMENT jade_f16
#define TYPE f16
#include "../shared/pair_rows.h"
#define JADE_KERNEL l1_bf16
#define ELEMENT jade_bf16
#define TYPE bf16
#include "../shared/pair_rows.h"
#undef PAIR_FINISH
#undef PAIR_STEP
