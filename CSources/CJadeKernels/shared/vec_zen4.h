/// Level zen4: the vector words of avx512, and products of bf16, which this processor has at full speed.
#pragma once

#include "target.h"

#define JADE_LEVEL zen4
#define JADE_REGION_BEGIN                                                                                              \
    JADE_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,f16c,bmi2,popcnt")
#include "vec_avx512.h"
