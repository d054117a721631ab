/// The three shapes at level serial, out of `ONE(a, b, dimension)`, with ELEMENT and ONE_ROW the types of a query and of a
/// row. Included once per kernel, as `shapes.h` is; forgets JADE_KERNEL and ONE afterwards.
///
/// Plain C for every architecture, and the yardstick of the other levels; eight partial sums keep long sums exact enough
/// and let the compiler use what vector registers the base architecture has.

#define SHAPE_(kernel, shape) jade_##kernel##_##shape##_serial
#define SHAPE__(kernel, shape) SHAPE_(kernel, shape)
#define SHAPE(shape) SHAPE__(JADE_KERNEL, shape)

float SHAPE(one)(const ELEMENT *a, const ONE_ROW *b, size_t dimension)
{
    return ONE(a, b, dimension);
}

void SHAPE(many)(const ELEMENT *query, const void *base, size_t stride_bytes, size_t count, size_t dimension, float *out)
{
    const char *row = base;
    for (size_t i = 0; i < count; i++, row += stride_bytes) out[i] = ONE(query, (const ONE_ROW *)row, dimension);
}

void SHAPE(gather)(const ELEMENT *query, const void *base, size_t stride_bytes, const uint32_t *ordinals, size_t count,
                   size_t dimension, float *out)
{
    const char *first = base;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count) __builtin_prefetch(first + ordinals[i + 1] * stride_bytes, 0, 3);
        out[i] = ONE(query, (const ONE_ROW *)(first + ordinals[i] * stride_bytes), dimension);
    }
}

#undef SHAPE
#undef SHAPE_
#undef SHAPE__
#undef JADE_KERNEL
#undef ONE
