/// Squared Euclidean distance: of f32 with two partial sums, see `rows_f32.h`; of bf16 as |q|^2 + |x|^2 - 2 q*x, which is three
/// instructions a word instead of eight. Where that loses digits, below a sixteenth of the norms, the distance is measured again by
/// differences.
#if defined(__x86_64__)
#define F32_SLOTS 2
#include "../shared/vec_zen4.h"
#include "l2sq_f32.h"
#include "../shared/bf16_products.h"

JADE_REGION_BEGIN
typedef struct {
    vec dot, norm;
} l2sq_sum;

JADE_INLINE l2sq_sum l2sq_zero(void) { return (l2sq_sum){vec_zero(), vec_zero()}; }
JADE_INLINE l2sq_sum l2sq_products(word q, word x, l2sq_sum sum)
{
    return (l2sq_sum){bf16_products(q, x, sum.dot), bf16_products(x, x, sum.norm)};
}
JADE_INLINE l2sq_sum l2sq_add(l2sq_sum a, l2sq_sum b) { return (l2sq_sum){vec_add(a.dot, b.dot), vec_add(a.norm, b.norm)}; }

JADE_INLINE float l2sq_finish(l2sq_sum sum, vec own, const jade_bf16 *query, const char *row, size_t dimension)
{
    const vec norms = vec_add(own, sum.norm);
    float sums[2];
    vec_two_sums(_mm512_fnmadd_ps(_mm512_set1_ps(2), sum.dot, norms), norms, sums);
    // Not so for what is infinite or not a number, either.
    if (__builtin_expect(sums[0] * 16 - sums[1] >= 0, 1)) return sums[0];
    return jade_l2sq_bf16_one_avx512(query, (const jade_bf16 *)row, dimension);
}
JADE_REGION_END

#define JADE_KERNEL l2sq_bf16
#define SLOTS 2
#define SUM l2sq_sum
#define SUM_START(row) l2sq_zero()
#define SUM_ADD l2sq_add
#define STEP l2sq_products
#define FINISH(sum, prepared, row, dimension) l2sq_finish(sum, prepared, query, row, dimension)
#define OWN vec
#define OWN_START vec_zero()
#define OWN_STEP(q, own) bf16_products(q, q, own)
#define OWN_ADD vec_add
#define PREPARED vec
#define OWN_FINISH(own, dimension) (own)
#include "../shared/bf16_rows.h"
#endif
