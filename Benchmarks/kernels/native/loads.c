// Load bandwidth, by the widths that levels have.
#include "bench.h"

#define WIDTH 16
#define JB(name) name##_16
#define JB_TARGET
#include "loads.h"

#if defined(__x86_64__)
#define WIDTH 32
#define JB(name) name##_32
#define JB_TARGET __attribute__((target("avx2")))
#include "loads.h"

#define WIDTH 64
#define JB(name) name##_64
#define JB_TARGET __attribute__((target("avx512f,avx512bw")))
#include "loads.h"

#define BY_WIDTH(call, ...)                                                                                            \
    do {                                                                                                               \
        if (width == 64) call##_64(__VA_ARGS__);                                                                       \
        else if (width == 32) call##_32(__VA_ARGS__);                                                                  \
        else call##_16(__VA_ARGS__);                                                                                   \
    } while (0)
#else
#define BY_WIDTH(call, ...) ((void)width, call##_16(__VA_ARGS__))
#endif

void jb_load(const uint8_t *from, size_t bytes, uint32_t width, uint32_t ahead)
{
    BY_WIDTH(load_rows, from, bytes, ahead);
}

void jb_load_pairs(const uint8_t *query, size_t query_bytes, const uint8_t *rows, size_t row_bytes, size_t count,
                   size_t repeats, uint32_t width)
{
    BY_WIDTH(load_pairs, query, query_bytes, rows, row_bytes, count, repeats);
}

void jb_load_gather(const uint8_t *base, size_t row_bytes, const uint32_t *ordinals, size_t count, uint32_t width,
                    uint32_t ahead)
{
    BY_WIDTH(load_gather, base, row_bytes, ordinals, count, ahead);
}
