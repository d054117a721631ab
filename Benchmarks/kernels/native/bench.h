/// What compare.py asks of C: memory to measure in, loops around kernels and peers, and loops that find the machine's limits.
/// compare.py declares the same structure for ctypes.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Whose function is called, and how.
enum jb_kind {
    /// A jade kernel of shape `one`.
    JB_ONE,
    /// A jade kernel of shape `many`.
    JB_MANY,
    /// A jade kernel of shape `gather`.
    JB_GATHER,
    /// A peer's function of two vectors, a count and the place of the result.
    JB_PEER,
    /// No function: only the loads that any function would need.
    JB_LOAD,
};

/// Which rows are visited.
enum jb_pattern {
    /// The same few rows again and again, all in the first-level cache.
    JB_HOT,
    /// One row after the other; from the cache or from memory, as `rows` says.
    JB_ROWS,
    /// Rows in the order of `ordinals`.
    JB_RANDOM,
};

struct jb_work {
    uint32_t kind;
    uint32_t pattern;
    /// Bytes of a load, for JB_LOAD.
    uint32_t width;
    /// Rows ahead (JB_RANDOM) or bytes ahead (JB_ROWS) that the loop itself prefetches; 0 for none.
    uint32_t ahead;
    const void *function;
    const void *query;
    const uint8_t *base;
    size_t query_bytes;
    size_t row_bytes;
    size_t rows;
    /// As the function counts: components for jade, for peers what they want.
    size_t dimension;
    const uint32_t *ordinals;
    /// Rows of one call of `many` and `gather`.
    size_t per_call;
    /// Where JB_ROWS goes on.
    size_t *cursor;
    /// At least `per_call` numbers.
    float *out;
};

/// Visits `units` rows; nanoseconds of processor time for all of them.
uint64_t jb_sample(const struct jb_work *work, size_t units);

/// Every query with every row.
struct jb_tiles {
    const void *function;
    const void *queries;
    const void *rows;
    /// What the function's own packing made of the queries.
    void *packed;
    void *out;
    size_t query_count;
    size_t row_count;
    size_t dimension;
    size_t row_bytes;
    /// Bytes of a result of a peer's function; 0 for ours.
    size_t result_bytes;
};

/// Bytes of packed queries of ours.
uint64_t jb_tiles_bytes(size_t queries, size_t dimension, size_t component_bytes);
/// Packs the queries for our kernels of the level that `function` belongs to.
void jb_tiles_pack(const void *function, const struct jb_tiles *work);
/// Nanoseconds of processor time for all products, `repeats` times.
uint64_t jb_tiles_sample(const struct jb_tiles *work, size_t repeats);

/// `bytes` of memory in large pages where the system has them, with room behind for a whole vector; NULL if there is none.
void *jb_memory(size_t bytes);

/// Random values of an element type (`f32`, `f16`, `bf16`; anything else is random bytes), the first block repeated.
void jb_fill(void *memory, size_t bytes, const char *type);

/// Gives `rows` rows of codes a scale and an offset that keep their distances finite.
void jb_fill_heads(void *memory, size_t stride_bytes, size_t rows);

/// Random ordinals below `rows`, without repeating soon.
void jb_ordinals(uint32_t *ordinals, size_t count, size_t rows, uint64_t seed);

/// Runs a loop on registers only for about `repeats` rounds: its operations, and in `nanoseconds` their processor time. 0 if this
/// processor has no such instruction. `name` is one of fma, fma_avx2, vnni, bf16, popcount, amx_i8, amx_bf16.
double jb_peak(const char *name, size_t repeats, uint64_t *nanoseconds);

/// Loads `bytes` with vectors of `width` bytes, prefetching `ahead` bytes ahead if that is not 0.
void jb_load(const uint8_t *from, size_t bytes, uint32_t width, uint32_t ahead);
/// The same for two operands of one call.
void jb_load_pairs(const uint8_t *query, size_t query_bytes, const uint8_t *rows, size_t row_bytes, size_t count,
                   size_t repeats, uint32_t width);
/// The same for rows in the order of ordinals, prefetching `ahead` rows ahead.
void jb_load_gather(const uint8_t *base, size_t row_bytes, const uint32_t *ordinals, size_t count, uint32_t width,
                    uint32_t ahead);

/// The processor time of this thread.
uint64_t jb_nanoseconds(void);
