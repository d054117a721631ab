/// One immutable table of kernels per level, and which of them this machine can run.
#pragma once

#include "jade_base.h"
#include "jade_codes.h"
#include "jade_pq.h"
#include "jade_rabitq.h"
#include "jade_rotate.h"
#include "jade_tiles.h"
#include "jade_topk.h"
#include "kernel_list.h"

#define JADE_LEVEL_CONSTANT(level) JADE_LEVEL_##level,
enum jade_level { JADE_LEVELS(JADE_LEVEL_CONSTANT) JADE_LEVEL_COUNT };
#undef JADE_LEVEL_CONSTANT

#define JADE_FIELD(kernel, shape, result, parameters) result (*JADE_NONNULL kernel##_##shape) parameters;
struct jade_kernels {
    enum jade_level level;
    JADE_KERNELS(JADE_FIELD)
};
#undef JADE_FIELD

/// Where a level takes a kernel from: its own name, or that of the lower level it inherits from.
struct jade_kernel_origin {
    const char *JADE_NONNULL kernel;
    const char *JADE_NONNULL level;
};

/// The name of a level, as in `JADE_SIMD_LEVEL`; NULL if there is no such level.
const char *JADE_NULLABLE jade_level_name(uint32_t level);

/// The table of a level, or NULL if this machine cannot run it (or there is no such level).
const struct jade_kernels *JADE_NULLABLE jade_kernels_for(uint32_t level);

/// The table of the highest level that this machine can run.
const struct jade_kernels *JADE_NONNULL jade_kernels_best(void);

/// The origin of kernel number `index` at a level this machine can run; NULL behind the last one.
const struct jade_kernel_origin *JADE_NULLABLE jade_kernel_origin_at(uint32_t level, size_t index);

/// A kernel of whatever type; cast it back to its own before it is called.
typedef void jade_function(void);

/// The kernel called `name`, as in `l2sq_f32_many`, at a level; NULL if this machine cannot run the level or there is no such
/// kernel. For programs that choose by name, such as benchmarks; the table is faster.
jade_function *JADE_NULLABLE jade_kernel_function(uint32_t level, const char *JADE_NONNULL name);
