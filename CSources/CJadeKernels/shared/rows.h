/// One distance kernel over words of any element type: the loop over components and, through `shapes.h`, its three shapes.
///
/// The including header says, and this one forgets afterwards:
///     JADE_KERNEL, ELEMENT, ONE_ROW       as in shapes.h
///     WORD, SLOTS                         components of a word; partial sums per row
///     ROW_BYTES(at)                       where component `at` (a multiple of WORD) is in a row
///     QWORD, QLOAD(query, at), QLOAD_PART(query, at, count)     a word of the query, whole or its first `count` components
///     XWORD, XLOAD(row, at), XLOAD_PART(row, at, count)         a word of a row
///     SUM, SUM_START(row), STEP(q, x, sum), SUM_ADD(a, b)       a row's partial sum
///     FINISH(sum, prepared, row, dimension)                     the distance
/// and if the query alone adds something, such as its norm:
///     OWN, OWN_START, OWN_STEP(q, own), OWN_ADD(a, b)           its sum
///     PREPARED, OWN_FINISH(own, dimension)                      what FINISH gets of it
///     FINISH_ONE(sum, own, row, dimension)                      optional: FINISH for a single row, from the sum of the query itself
/// and if a single pair of few components has a faster way to the same bits:
///     SHORT_FITS(dimension), SHORT_ONE(query, row, dimension)   whether they are few, and the way
///     SHORT_MANY                                                that it is faster for rows in order, too
///
/// As in `rows_f32.h` several rows share the loads of the query, and the order of additions does not depend on how many.

#include "prefetch.h"
#include <stdbool.h>

#define K_(kernel, name) kernel##name
#define K__(kernel, name) K_(kernel, name)
#define K(name) K__(JADE_KERNEL, name)

#ifndef FINISH_ONE
#define FINISH_ONE(sum, own, row, dimension) FINISH(sum, OWN_FINISH(own, dimension), row, dimension)
#endif

#ifndef OWN
#define OWN int
#define OWN_START 0
#define OWN_STEP(q, own) (own)
#define OWN_ADD(a, b) (a)
#define PREPARED int
#define OWN_FINISH(own, dimension) (own)
#define PREPARE(query, dimension) 0
#else
#define PREPARE(query, dimension) K(_prepare)(query, dimension)
#endif

JADE_REGION_BEGIN
/// The sums of all slots; `own` says whether the query's are wanted.
struct K(_sums) {
    SUM rows[ROWS][SLOTS];
    OWN own[SLOTS];
};

/// The word at `at`, of which only `length` components are there unless it is `whole`.
JADE_INLINE void K(_word)(QWORD q, const char *const *rows, size_t at, const bool whole, size_t length, size_t slot,
                          const size_t count, const bool own, struct K(_sums) *sums)
{
    if (own) sums->own[slot] = OWN_STEP(q, sums->own[slot]);
    JADE_UNROLL for (size_t r = 0; r < count; r++) {
        XWORD x = whole ? XLOAD(rows[r], at) : XLOAD_PART(rows[r], at, length);
        sums->rows[r][slot] = STEP(q, x, sums->rows[r][slot]);
    }
}

/// Two words a turn of one row of several that are read one after the other, as in `rows_f32.h`; where it ends.
JADE_INLINE size_t K(_in_order)(const ELEMENT *query, const char *row, size_t dimension, SUM *sums)
{
    size_t at = 0;
#if SLOTS == 4
    const size_t end = dimension / (4 * WORD) * (4 * WORD);
    JADE_NOT_UNROLLED for (; at < end; at += 2 * WORD) {
        const SUM first = STEP(QLOAD(query, at), XLOAD(row, at), sums[0]);
        const SUM second = STEP(QLOAD(query, at + WORD), XLOAD(row, at + WORD), sums[1]);
        sums[0] = sums[2], sums[1] = sums[3];
        sums[2] = first, sums[3] = second;
    }
#else
    (void)query, (void)row, (void)dimension, (void)sums;
#endif
    return at;
}

JADE_INLINE void K(_all)(const ELEMENT *query, const char *const *rows, const char *const *ahead, size_t dimension,
                         const size_t count, const bool own, const bool in_order, struct K(_sums) *sums)
{
    JADE_UNROLL for (size_t slot = 0; slot < SLOTS; slot++) {
        sums->own[slot] = OWN_START;
        JADE_UNROLL for (size_t r = 0; r < count; r++) sums->rows[r][slot] = SUM_START(rows[r]);
    }
    size_t at = in_order ? K(_in_order)(query, rows[0], dimension, sums->rows[0]) : 0;
    for (; at + SLOTS * WORD <= dimension; at += SLOTS * WORD) {
        prefetch_rows(ahead, ROW_BYTES(at), ROW_BYTES(SLOTS * WORD) - ROW_BYTES(0), count);
        QWORD q[SLOTS];
        JADE_UNROLL for (size_t slot = 0; slot < SLOTS; slot++) {
            q[slot] = QLOAD(query, at + slot * WORD);
            if (own) sums->own[slot] = OWN_STEP(q[slot], sums->own[slot]);
        }
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            JADE_UNROLL for (size_t slot = 0; slot < SLOTS; slot++)
                sums->rows[r][slot] = STEP(q[slot], XLOAD(rows[r], at + slot * WORD), sums->rows[r][slot]);
    }
    if (at < dimension) prefetch_rows(ahead, ROW_BYTES(at), ROW_BYTES(SLOTS * WORD) - ROW_BYTES(0), count);
    JADE_UNROLL for (size_t slot = 0; slot + 1 < SLOTS; slot++) {
        if (at + WORD > dimension) break;
        K(_word)(QLOAD(query, at), rows, at, true, WORD, slot, count, own, sums);
        at += WORD;
    }
    if (at < dimension)
        K(_word)(QLOAD_PART(query, at, dimension - at), rows, at, false, dimension - at, SLOTS - 1, count, own, sums);
}

JADE_INLINE SUM K(_total)(const SUM *slots, size_t dimension)
{
    // Nothing but the last slot has more than zero.
    if (dimension < WORD) return slots[SLOTS - 1];
    SUM total = slots[0];
    JADE_UNROLL for (size_t slot = 1; slot < SLOTS; slot++) total = SUM_ADD(total, slots[slot]);
    return total;
}

JADE_INLINE OWN K(_own)(const struct K(_sums) *sums, size_t dimension)
{
    if (dimension < WORD) return sums->own[SLOTS - 1];
    OWN total = sums->own[0];
    JADE_UNROLL for (size_t slot = 1; slot < SLOTS; slot++) total = OWN_ADD(total, sums->own[slot]);
    return total;
}

JADE_INLINE PREPARED K(_prepare)(const ELEMENT *query, size_t dimension)
{
    struct K(_sums) sums;
    K(_all)(query, NULL, NULL, dimension, 0, true, false, &sums);
    return OWN_FINISH(K(_own)(&sums, dimension), dimension);
}

JADE_INLINE void K(_distances)(const ELEMENT *query, PREPARED prepared, const char *const *rows, const char *const *ahead,
                               size_t dimension, const size_t count, float *out)
{
    (void)prepared;
#ifdef SHORT_MANY
    if (!ahead && SHORT_FITS(dimension)) {
        JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = SHORT_ONE(query, (const ONE_ROW *)rows[r], dimension);
        return;
    }
#endif
    struct K(_sums) sums;
    K(_all)(query, rows, ahead, dimension, count, false, count == 1, &sums);
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        out[r] = FINISH(K(_total)(sums.rows[r], dimension), prepared, rows[r], dimension);
}

#if SLOTS == 4
/// A pair that does not fill all slots: the same additions without those of nothing.
JADE_INLINE SUM K(_partial)(const ELEMENT *query, const char *row, size_t dimension, OWN *own)
{
    const size_t left = dimension % WORD, whole = dimension - left;
    SUM total = SUM_START(row);
    *own = OWN_START;
    JADE_UNROLL for (size_t at = 0; at < (SLOTS - 1) * WORD; at += WORD) {
        if (at == whole) break;
        const QWORD q = QLOAD(query, at);
        const SUM sum = STEP(q, XLOAD(row, at), SUM_START(row));
        total = at == 0 ? sum : SUM_ADD(total, sum);
        *own = at == 0 ? OWN_STEP(q, *own) : OWN_ADD(*own, OWN_STEP(q, OWN_START));
    }
    if (left == 0) return total;
    const QWORD q = QLOAD_PART(query, whole, left);
    const SUM sum = STEP(q, XLOAD_PART(row, whole, left), SUM_START(row));
    *own = whole == 0 ? OWN_STEP(q, *own) : OWN_ADD(*own, OWN_STEP(q, OWN_START));
    return whole == 0 ? sum : SUM_ADD(total, sum);
}
#endif

JADE_INLINE float K(_single)(const ELEMENT *query, const char *row, size_t dimension)
{
#if SLOTS == 4
    if (dimension < SLOTS * WORD) {
        OWN few_own;
        const SUM few = K(_partial)(query, row, dimension, &few_own);
        (void)few_own;
        return FINISH_ONE(few, few_own, row, dimension);
    }
#endif
    struct K(_sums) sums;
    K(_all)(query, &row, NULL, dimension, 1, true, false, &sums);
    const OWN own = K(_own)(&sums, dimension);
    (void)own;
    return FINISH_ONE(K(_total)(sums.rows[0], dimension), own, row, dimension);
}
JADE_REGION_END

#define ROW char
#ifdef SHORT_FITS
#define ONE(a, b, dimension)                                                                                           \
    (SHORT_FITS(dimension) ? SHORT_ONE(a, b, dimension) : K(_single)(a, (const char *)(b), dimension))
#else
#define ONE(a, b, dimension) K(_single)(a, (const char *)(b), dimension)
#endif
#define DISTANCES(query, prepared, rows, ahead, dimension, count, out)                                                 \
    K(_distances)(query, prepared, rows, ahead, dimension, count, out)
#include "shapes.h"

#include "rows_forget.h"
