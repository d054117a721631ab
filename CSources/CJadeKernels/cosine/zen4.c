#if defined(__x86_64__)
#include "../shared/vec_zen4.h"
#include "../shared/bf16_products.h"
#include "../dispatch/prototypes.h"
#include "finish.h"

JADE_REGION_BEGIN
typedef struct {
    vec dot, norm;
} cosine_sum;

JADE_INLINE cosine_sum cosine_zero(void) { return (cosine_sum){vec_zero(), vec_zero()}; }
JADE_INLINE cosine_sum cosine_step(word q, word x, cosine_sum sum)
{
    return (cosine_sum){bf16_products(q, x, sum.dot), bf16_products(x, x, sum.norm)};
}
JADE_INLINE cosine_sum cosine_add(cosine_sum a, cosine_sum b)
{
    return (cosine_sum){vec_add(a.dot, b.dot), vec_add(a.norm, b.norm)};
}
JADE_INLINE float cosine_one(vec dot, vec own, vec norm)
{
    float sums[3];
    vec_sums(dot, own, norm, sums);
    return cosine_finish(sums[0], sums[1], sums[2]);
}
JADE_REGION_END

#define JADE_KERNEL cosine_bf16
#define SLOTS 2
#define SUM cosine_sum
#define SUM_START(row) cosine_zero()
#define SUM_ADD cosine_add
#define STEP cosine_step
#define FINISH(sum, prepared, row, dimension) cosine_finish(vec_sum((sum).dot), prepared, vec_sum((sum).norm))
#define FINISH_ONE(sum, own, row, dimension) cosine_one((sum).dot, own, (sum).norm)
#define OWN vec
#define OWN_START vec_zero()
#define OWN_STEP(q, own) bf16_products(q, q, own)
#define OWN_ADD vec_add
#define PREPARED float
#define OWN_FINISH(own, dimension) vec_sum(own)
#include "../shared/bf16_rows.h"
#endif
