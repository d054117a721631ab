#if defined(__x86_64__)
#define F32_SLOTS 2
#include "../shared/vec_zen4.h"
#include "dot_f32.h"
#include "../shared/bf16_products.h"
#include "../dispatch/prototypes.h"

#define JADE_KERNEL dot_bf16
#define SLOTS 2
#define SUM vec
#define SUM_START(row) vec_zero()
#define SUM_ADD vec_add
#define STEP bf16_products
#define FINISH(sum, prepared, row, dimension) vec_sum(sum)
#include "../shared/bf16_rows.h"

#define JADE_KERNEL ndot_bf16
#define SLOTS 2
#define SUM vec
#define SUM_START(row) vec_zero()
#define SUM_ADD vec_add
#define STEP bf16_products
#define FINISH(sum, prepared, row, dimension) -vec_sum(sum)
#include "../shared/bf16_rows.h"
#endif
