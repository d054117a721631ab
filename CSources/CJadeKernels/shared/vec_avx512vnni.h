/// Level avx512vnni: the vector words of avx512, and the instructions that came with Ice Lake and Zen 4.
#pragma once

#include "target.h"

#define JADE_LEVEL avx512vnni
#define JADE_HAS_VNNI 1
#define JADE_REGION_BEGIN                                                                                              \
    JADE_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vpopcntdq,avx512vbmi,avx2,fma,f16c,bmi2,popcnt")
#include "vec_avx512.h"
