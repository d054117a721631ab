/// Squared Euclidean distance of bf16, 64 components at a time: of the first 32 by widening, of the others by the products q * 1 - x * 1
/// of interleaved components, which the instruction rounds once. Neither alone keeps all units busy. What it multiplies loses denormal
/// numbers. |q|^2 + |x|^2 - 2 q*x takes fewer operations and loses the digits of small distances.
#if defined(__x86_64__)
#include "../shared/vec_zen4.h"
#include "../shared/bf16_products.h"
#include "../dispatch/prototypes.h"

JADE_REGION_BEGIN
typedef struct {
    word first, second;
} words;
typedef struct {
    pair first, second;
} l2sq_sum;

JADE_INLINE words words_load(const jade_bf16 *p) { return (words){word_load(p), word_load(p + PAIR)}; }
/// The first `count` (1 to 63) components, zero behind them.
JADE_INLINE words words_load_part(const jade_bf16 *p, size_t count)
{
    if (count == PAIR) return (words){word_load(p), ints_zero()};
    if (count < PAIR) return (words){word_load_part(p, 2 * count), ints_zero()};
    return (words){word_load(p), word_load_part(p + PAIR, 2 * (count - PAIR))};
}

JADE_INLINE l2sq_sum l2sq_zero(void) { return (l2sq_sum){pair_zero(), pair_zero()}; }
JADE_INLINE l2sq_sum l2sq_step(words q, words x, l2sq_sum sum)
{
    const word signs = _mm512_set1_epi32((int)0xBF803F80);
    const vec low = bf16_products(_mm512_unpacklo_epi16(q.second, x.second), signs, vec_zero());
    const vec high = bf16_products(_mm512_unpackhi_epi16(q.second, x.second), signs, vec_zero());
    sum.first = pair_l2sq(bf16_split(q.first), bf16_split(x.first), sum.first);
    sum.second = (pair){vec_fma(low, low, sum.second.low), vec_fma(high, high, sum.second.high)};
    return sum;
}
JADE_INLINE float l2sq_finish(l2sq_sum sum) { return pair_sum(pair_add(sum.first, sum.second)); }

enum { L2SQ_FEW = 256 };

/// The same additions without those of nothing, where the end is short.
JADE_INLINE float l2sq_few(const jade_bf16 *query, const jade_bf16 *row, size_t dimension)
{
    l2sq_sum sum = l2sq_zero();
    size_t at = 0;
    JADE_NOT_UNROLLED for (; at + 2 * PAIR <= dimension; at += 2 * PAIR)
        sum = l2sq_step(words_load(query + at), words_load(row + at), sum);
    const size_t left = dimension - at;
    if (left > PAIR) {
        sum = l2sq_step(words_load_part(query + at, left), words_load_part(row + at, left), sum);
    } else if (left == PAIR) {
        sum.first = pair_l2sq(bf16_split(word_load(query + at)), bf16_split(word_load(row + at)), sum.first);
    } else if (left) {
        const word q = word_load_part(query + at, 2 * left), x = word_load_part(row + at, 2 * left);
        sum.first = pair_l2sq(bf16_split(q), bf16_split(x), sum.first);
    }
    return l2sq_finish(sum);
}
JADE_REGION_END

#define JADE_KERNEL l2sq_bf16
#define SHORT_FITS(dimension) ((dimension) <= L2SQ_FEW)
#define SHORT_ONE l2sq_few
#define SHORT_MANY
#define ELEMENT jade_bf16
#define ONE_ROW jade_bf16
#define WORD (2 * PAIR)
#define SLOTS 1
#define ROW_BYTES(at) (2 * (at))
#define QWORD words
#define QLOAD(query, at) words_load((query) + (at))
#define QLOAD_PART(query, at, count) words_load_part((query) + (at), count)
#define XWORD words
#define XLOAD(row, at) words_load((const jade_bf16 *)(row) + (at))
#define XLOAD_PART(row, at, count) words_load_part((const jade_bf16 *)(row) + (at), count)
#define SUM l2sq_sum
#define SUM_START(row) l2sq_zero()
#define SUM_ADD(a, b) (a)
#define STEP l2sq_step
#define FINISH(sum, prepared, row, dimension) l2sq_finish(sum)
#include "../shared/rows.h"
#endif
