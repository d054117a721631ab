/// Makes the three shapes of one distance kernel out of `ONE(a, b, dimension)`, `PREPARE(query, dimension)` and
/// `DISTANCES(query, prepared, rows, ahead, dimension, count, out)`. Included once per kernel, with JADE_KERNEL naming
/// it, ELEMENT and ONE_ROW the types of a query and of a row in its prototypes, ROW what `rows` points to and PREPARED
/// what PREPARE gives; not a header to include twice by accident, hence no `#pragma once`.

#define SHAPE_(kernel, shape, level) jade_##kernel##_##shape##_##level
#define SHAPE__(kernel, shape, level) SHAPE_(kernel, shape, level)
#define SHAPE(shape) SHAPE__(JADE_KERNEL, shape, JADE_LEVEL)

JADE_REGION_BEGIN
float SHAPE(one)(const ELEMENT *a, const ONE_ROW *b, size_t dimension)
{
    return ONE(a, b, dimension);
}

void SHAPE(many)(const ELEMENT *query, const void *base, size_t stride_bytes, size_t count, size_t dimension, float *out)
{
    const char *row = base;
    const PREPARED prepared = PREPARE(query, dimension);
    size_t i = 0;
    // Rows in order come fastest if they are read in order: read side by side, all but the shortest look like no order to the
    // processor, which then fetches nothing ahead. Measured on Zen 4, rows of f32 from memory, GB/s one at once and two: 384 bytes
    // 28 and 24, 512 bytes 26 and 17, 3072 bytes 26 and 12.
    for (; stride_bytes <= 256 && i + 2 <= count; i += 2, row += 2 * stride_bytes) {
        const ROW *rows[] = {(const ROW *)row, (const ROW *)(row + stride_bytes)};
        DISTANCES(query, prepared, rows, NULL, dimension, 2, out + i);
    }
    for (; i < count; i++, row += stride_bytes) {
        const ROW *rows[] = {(const ROW *)row};
        DISTANCES(query, prepared, rows, NULL, dimension, 1, out + i);
    }
}

void SHAPE(gather)(const ELEMENT *query, const void *base, size_t stride_bytes, const uint32_t *ordinals, size_t count,
                   size_t dimension, float *out)
{
    const char *first = base;
    prefetch_heads(first, stride_bytes, ordinals, ROWS, count);
    const PREPARED prepared = PREPARE(query, dimension);
    size_t i = 0;
    for (; i + ROWS <= count; i += ROWS) {
        const ROW *rows[ROWS];
        const char *ahead[ROWS];
        JADE_UNROLL for (size_t r = 0; r < ROWS; r++) {
            // Behind the end the last row is asked for again, which costs nothing.
            size_t next = i + ROWS + r < count ? i + ROWS + r : count - 1;
            rows[r] = (const ROW *)(first + ordinals[i + r] * stride_bytes);
            ahead[r] = first + ordinals[next] * stride_bytes;
        }
        DISTANCES(query, prepared, rows, ahead, dimension, ROWS, out + i);
    }
    for (; i < count; i++) {
        const ROW *last = (const ROW *)(first + ordinals[i] * stride_bytes);
        DISTANCES(query, prepared, &last, NULL, dimension, 1, out + i);
    }
}
JADE_REGION_END

#undef SHAPE
#undef SHAPE_
#undef SHAPE__
