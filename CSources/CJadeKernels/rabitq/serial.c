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

/// `width` bits of component `i` of 128.
static inline uint32_t code_part(const uint8_t *p, size_t width, size_t i)
{
    const size_t group = RABITQ_PLANE * 8 / width;
    return p[i / group * RABITQ_PLANE + i % RABITQ_PLANE] >> (i % group / RABITQ_PLANE * width) & ((1u << width) - 1);
}

/// Codes that are put together from parts of 4, 2 and 1 bits.
static inline void rabitq_mixed_products(const struct jade_rabitq_query *query, const char *row, size_t dimension, uint32_t bits,
                                         uint32_t *out)
{
    const int8_t *codes = query->codes;
    int32_t sum = 0;
    for (size_t i = 0; i < dimension; i++) {
        const uint8_t *part = (const uint8_t *)row + i / RABITQ_CHUNK * 16 * bits;
        uint32_t code = 0;
        for (uint32_t width = 4; width > 0; part += bits & width ? 16 * width : 0, width /= 2)
            if (bits & width) code = code << width | code_part(part, width, i % RABITQ_CHUNK);
        sum += codes[i] * (int32_t)code;
    }
    *out = (uint32_t)sum;
}
#define RABITQ_MIXED(bits)                                                                                             \
    static inline void rabitq##bits##_products(const struct jade_rabitq_query *query, const char *const *rows,         \
                                               size_t count, size_t dimension, uint32_t *out)                          \
    {                                                                                                                  \
        (void)count;                                                                                                   \
        rabitq_mixed_products(query, rows[0], dimension, bits, out);                                                   \
    }
RABITQ_MIXED(2)
RABITQ_MIXED(3)
RABITQ_MIXED(5)
RABITQ_MIXED(6)
RABITQ_MIXED(7)

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
#define TYPE rabitq2
#define PRODUCTS rabitq2_products
#include "shapes.h"
#define TYPE rabitq3
#define PRODUCTS rabitq3_products
#include "shapes.h"
#define TYPE rabitq5
#define PRODUCTS rabitq5_products
#include "shapes.h"
#define TYPE rabitq6
#define PRODUCTS rabitq6_products
#include "shapes.h"
#define TYPE rabitq7
#define PRODUCTS rabitq7_products
#include "shapes.h"
#define TYPE rabitq4
#define PRODUCTS rabitq4_products
#include "shapes.h"
#define TYPE rabitq8
#define PRODUCTS rabitq8_products
#include "shapes.h"
