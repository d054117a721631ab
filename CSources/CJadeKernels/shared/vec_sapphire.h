/// Level sapphire: the vector words of avx512vnni, and the tiles of AMX; with JADE_AMX_MODEL a level of its own without them.
#pragma once

#include "target.h"

#define JADE_HAS_VNNI 1
#if defined(JADE_AMX_MODEL)
#define JADE_LEVEL amxmodel
#define JADE_REGION_BEGIN                                                                                              \
    JADE_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vpopcntdq,avx512vbmi,avx2,fma,f16c,bmi2,popcnt")
#else
#define JADE_LEVEL sapphire
#define JADE_REGION_BEGIN                                                                                              \
    JADE_TARGET_BEGIN("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vpopcntdq,avx512vbmi,avx2,fma,f16c,bmi2,"     \
                      "popcnt,amx-tile,amx-int8,amx-bf16")
#endif
#include "vec_avx512.h"
