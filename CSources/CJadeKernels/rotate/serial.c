/// Words of one component.
#include <stddef.h>
#include <stdint.h>
#include "../shared/target.h"

#define JADE_LEVEL serial
#define JADE_REGION_BEGIN
#define JADE_REGION_END
#define LANES 1

typedef float vec;
JADE_INLINE vec vec_load(const float *p) { return *p; }
JADE_INLINE void vec_store(float *p, vec v) { *p = v; }
JADE_INLINE vec vec_add(vec a, vec b) { return a + b; }
JADE_INLINE vec vec_sub(vec a, vec b) { return a - b; }
JADE_INLINE vec vec_scaled(vec v, float factor) { return v * factor; }
JADE_INLINE vec vec_flip(vec v, const uint8_t *signs, size_t at) { return signs[at / 8] >> at % 8 & 1 ? -v : v; }
JADE_INLINE vec vec_hadamard(vec v) { return v; }

#include "hadamard.h"
