#define JADE_LEVEL serial
#define JADE_REGION_BEGIN
#define JADE_REGION_END
#define RABITQ_ROWS 1
#include "encode.h"
#include "finish.h"

static inline void rabitq1_products(const struct jade_rabitq_query *query, const char *const *rows, size_t count,
                                    size_t dimension, uint32_t *out)
{
    (void)count;
    const uint8_t *planes = query->codes, *row = (const uint8_t *)rows[0];
    const size_t chunk_bytes = query->bits > 4 ? 8 * RABITQ_PLANE : 4 * RABITQ_PLANE;
    *out = 0;
    for (size_t i = 0; i < (dimension + 7) / 8; i++)
        for (uint32_t bit = 0; bit < query->bits; bit++) {
            const uint8_t plane = planes[i / RABITQ_PLANE * chunk_bytes + bit * RABITQ_PLANE + i % RABITQ_PLANE];
            *out += (uint32_t)__builtin_popcount(plane & row[i]) << bit;
        }
}

static inline void rabitq4_products(const struct jade_rabitq_query *query, const char *const *rows, size_t count,
                                    size_t dimension, uint32_t *out)
{
    (void)count;
    const int8_t *codes = query->codes;
    int32_t sum = 0;
    for (size_t i = 0; i < dimension; i++) {
        const uint8_t both = ((const uint8_t *)rows[0])[i / RABITQ_CHUNK * 64 + i % 64];
        sum += codes[i] * (i % RABITQ_CHUNK < 64 ? both & 15 : both >> 4);
    }
    *out = (uint32_t)sum;
}

static inline void rabitq8_products(const struct jade_rabitq_query *query, const char *const *rows, size_t count,
                                    size_t dimension, uint32_t *out)
{
    (void)count;
    const int8_t *codes = query->codes;
    int32_t sum = 0;
    for (size_t i = 0; i < dimension; i++) sum += codes[i] * ((const uint8_t *)rows[0])[i];
    *out = (uint32_t)sum;
}

#define TYPE rabitq1
#define PRODUCTS rabitq1_products
#include "shapes.h"
#define TYPE rabitq4
#define PRODUCTS rabitq4_products
#include "shapes.h"
#define TYPE rabitq8
#define PRODUCTS rabitq8_products
#include "shapes.h"
