/// Makes the table of one level and the origins of its kernels.
///
/// The including file first says of every kernel in `kernel_list.h` where the level takes it from:
///
///     #define FROM_l2sq_f32 JADE_OWN(avx2)
///     #define FROM_crc32c   JADE_INHERIT(serial)
///
/// A kernel it says nothing about becomes the undeclared name `jade_…_FROM_…` below, an error that names it.

#include "prototypes.h"
#include "tables.h"

#define JADE_OWN(level) level
#define JADE_INHERIT(level) level

#define JADE_SYMBOL_(kernel, shape, level) jade_##kernel##_##shape##_##level
#define JADE_SYMBOL(kernel, shape, level) JADE_SYMBOL_(kernel, shape, level)
#define JADE_ENTRY(kernel, shape, result, parameters) .kernel##_##shape = JADE_SYMBOL(kernel, shape, FROM_##kernel),

#define JADE_TEXT_(text) #text
#define JADE_TEXT(text) JADE_TEXT_(text)
#define JADE_ORIGIN(kernel, shape, result, parameters) {#kernel "_" #shape, JADE_TEXT(FROM_##kernel)},

#define JADE_TABLE_(name)                                                                                              \
    const struct jade_kernels jade_kernels_##name = {.level = JADE_LEVEL_##name, JADE_KERNELS(JADE_ENTRY)};            \
    const struct jade_kernel_origin jade_origins_##name[] = {JADE_KERNELS(JADE_ORIGIN){NULL, NULL}};
#define JADE_TABLE(name) JADE_TABLE_(name)
