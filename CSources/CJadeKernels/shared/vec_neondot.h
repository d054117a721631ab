/// Level neondot: the vector words of neon, and the dot products of bytes that came with ARMv8.2.
#pragma once

#include "target.h"

#define JADE_LEVEL neondot
#define JADE_HAS_DOTPROD 1
#if defined(__clang__)
#define JADE_REGION_BEGIN JADE_TARGET_BEGIN("dotprod")
#else
#define JADE_REGION_BEGIN JADE_TARGET_BEGIN("arch=armv8.2-a+dotprod")
#endif
#define JADE_REGION_END JADE_TARGET_END
#include "vec_neon.h"
