/// Makes the shapes of one type of rows out of PRODUCTS(query, rows, count, dimension, out), which gives <u, v> of `count` rows,
/// RABITQ_ROWS or 1, whose codes begin at `rows`. The including file names TYPE; included once per type, hence no `#pragma once`.

#define SHAPE_(type, shape, level) jade_##type##_##shape##_##level
#define SHAPE__(type, shape, level) SHAPE_(type, shape, level)
#define SHAPE(shape) SHAPE__(TYPE, shape, JADE_LEVEL)
#define BYTES_(type) jade_##type##_bytes
#define BYTES__(type) BYTES_(type)

JADE_REGION_BEGIN
void SHAPE(many)(const struct jade_rabitq_query *query, const void *base, size_t stride_bytes, size_t count, size_t dimension,
                 float *out, float *lower)
{
    const char *row = (const char *)base + sizeof(struct jade_rabitq_head);
    const size_t bytes = BYTES__(TYPE)(dimension);
    size_t i = 0;
    for (; i + RABITQ_ROWS <= count; i += RABITQ_ROWS) {
        const char *rows[RABITQ_ROWS];
        uint32_t products[RABITQ_ROWS];
        JADE_UNROLL for (size_t r = 0; r < RABITQ_ROWS; r++, row += stride_bytes) {
            rows[r] = row;
            // Rows read side by side are too many streams for the processor to guess what comes next.
            if (bytes >= 2 * CACHE_LINE) rabitq_fetch(row + RABITQ_ROWS * stride_bytes, bytes);
        }
        PRODUCTS(query, rows, RABITQ_ROWS, dimension, products);
        rabitq_finish(query, rows, products, RABITQ_ROWS, out + i, lower ? lower + i : NULL);
    }
    for (; i < count; i++, row += stride_bytes) {
        uint32_t product;
        PRODUCTS(query, &row, 1, dimension, &product);
        rabitq_finish(query, &row, &product, 1, out + i, lower ? lower + i : NULL);
    }
}

void SHAPE(gather)(const struct jade_rabitq_query *query, const void *base, size_t stride_bytes, const uint32_t *ordinals,
                   size_t count, size_t dimension, float *out, float *lower)
{
    const char *first = (const char *)base + sizeof(struct jade_rabitq_head);
    const size_t bytes = BYTES__(TYPE)(dimension);
    for (size_t i = 0; i < count && i < RABITQ_ROWS; i++) rabitq_fetch((const char *)base + ordinals[i] * stride_bytes, bytes);
    size_t i = 0;
    for (; i + RABITQ_ROWS <= count; i += RABITQ_ROWS) {
        const char *rows[RABITQ_ROWS];
        uint32_t products[RABITQ_ROWS];
        JADE_UNROLL for (size_t r = 0; r < RABITQ_ROWS; r++) {
            rows[r] = first + ordinals[i + r] * stride_bytes;
            const size_t next = i + RABITQ_ROWS + r;
            if (next < count) rabitq_fetch((const char *)base + ordinals[next] * stride_bytes, bytes);
        }
        PRODUCTS(query, rows, RABITQ_ROWS, dimension, products);
        rabitq_finish(query, rows, products, RABITQ_ROWS, out + i, lower ? lower + i : NULL);
    }
    for (; i < count; i++) {
        const char *row = first + ordinals[i] * stride_bytes;
        uint32_t product;
        PRODUCTS(query, &row, 1, dimension, &product);
        rabitq_finish(query, &row, &product, 1, out + i, lower ? lower + i : NULL);
    }
}
JADE_REGION_END

#undef SHAPE
#undef SHAPE_
#undef SHAPE__
#undef BYTES_
#undef BYTES__
#undef TYPE
#undef PRODUCTS
