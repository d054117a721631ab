// The timed loops. Every function is reached through a pointer, as dispatch reaches it in real use, ours and the peers' alike.
#include "bench.h"
#include "jade_dispatch.h"
#include <time.h>

typedef float one_function(const void *, const void *, size_t);
typedef void many_function(const void *, const void *, size_t, size_t, size_t, float *);
typedef void gather_function(const void *, const void *, size_t, const uint32_t *, size_t, size_t, float *);
typedef void peer_function(const void *, const void *, size_t, void *);

uint64_t jb_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/// Keeps the compiler from leaving out a call whose result nobody reads.
static inline void use(float value)
{
    __asm__ volatile("" ::"x"(value));
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void hot(const struct jb_work *w, size_t units)
{
    const size_t repeats = units / w->rows;
    double result[4];
    if (w->kind == JB_LOAD) {
        jb_load_pairs(w->query, w->query_bytes, w->base, w->row_bytes, w->rows, repeats, w->width);
        return;
    }
    if (w->kind == JB_PEER) {
        peer_function *const function = (peer_function *)w->function;
        for (size_t repeat = 0; repeat < repeats; repeat++)
            for (size_t row = 0; row < w->rows; row++) function(w->query, w->base + row * w->row_bytes, w->dimension, result);
        return;
    }
    one_function *const function = (one_function *)w->function;
    for (size_t repeat = 0; repeat < repeats; repeat++)
        for (size_t row = 0; row < w->rows; row++) use(function(w->query, w->base + row * w->row_bytes, w->dimension));
}

/// A stretch of neighbouring rows.
static void stretch(const struct jb_work *w, const uint8_t *rows, size_t count)
{
    double result[4];
    switch (w->kind) {
    case JB_MANY:
        ((many_function *)w->function)(w->query, rows, w->row_bytes, count, w->dimension, w->out);
        break;
    case JB_ONE:
        for (size_t row = 0; row < count; row++)
            use(((one_function *)w->function)(w->query, rows + row * w->row_bytes, w->dimension));
        break;
    case JB_PEER:
        for (size_t row = 0; row < count; row++)
            ((peer_function *)w->function)(w->query, rows + row * w->row_bytes, w->dimension, result);
        break;
    case JB_LOAD:
        jb_load(rows, count * w->row_bytes, w->width, w->ahead);
        break;
    }
}

static void in_order(const struct jb_work *w, size_t units)
{
    while (units > 0) {
        if (*w->cursor >= w->rows) *w->cursor = 0;
        const size_t count = least(least(units, w->per_call), w->rows - *w->cursor);
        stretch(w, w->base + *w->cursor * w->row_bytes, count);
        *w->cursor += count;
        units -= count;
    }
}

static void prefetch_row(const struct jb_work *w, size_t position)
{
    const uint8_t *row = w->base + (size_t)w->ordinals[position] * w->row_bytes;
    for (size_t byte = 0; byte < w->row_bytes; byte += 64) __builtin_prefetch(row + byte, 0, 2);
}

/// One call a row; `ahead` is a caller's own prefetching. `ordinals` has room for reading ahead.
static void random_calls(const struct jb_work *w, size_t units)
{
    double result[4];
    for (size_t position = 0; position < units; position++) {
        if (w->ahead) prefetch_row(w, position + w->ahead);
        const uint8_t *row = w->base + (size_t)w->ordinals[position] * w->row_bytes;
        if (w->kind == JB_PEER) ((peer_function *)w->function)(w->query, row, w->dimension, result);
        else use(((one_function *)w->function)(w->query, row, w->dimension));
    }
}

static void random_order(const struct jb_work *w, size_t units)
{
    if (w->kind == JB_LOAD) {
        jb_load_gather(w->base, w->row_bytes, w->ordinals, units, w->width, w->ahead);
    } else if (w->kind == JB_GATHER) {
        for (size_t done = 0; done < units; done += w->per_call)
            ((gather_function *)w->function)(w->query, w->base, w->row_bytes, w->ordinals + done, least(w->per_call, units - done),
                                             w->dimension, w->out);
    } else {
        random_calls(w, units);
    }
}

uint64_t jb_sample(const struct jb_work *work, size_t units)
{
    static void (*const patterns[])(const struct jb_work *, size_t) = {
        [JB_HOT] = hot, [JB_ROWS] = in_order, [JB_RANDOM] = random_order};
    const uint64_t start = jb_nanoseconds();
    patterns[work->pattern](work, units);
    return jb_nanoseconds() - start;
}
