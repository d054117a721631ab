/// The yardstick of the other levels. Look-ups are inherited by all: instructions that gather are slower (Zen 4, 64 subspaces: 26 ns
/// a row, against 19.8).
#include "../dispatch/prototypes.h"
#include "lookup.h"

#define JADE_LEVEL serial
#define JADE_REGION_BEGIN
#define JADE_REGION_END

/// The distance of a piece from centroid `c` of the subspace whose centroids begin at `first`.
static inline float piece_distance(const float *first, const size_t centroids, size_t c, const float *piece, size_t size)
{
    float sum = 0;
    for (size_t i = 0; i < size; i++) {
        const float difference = first[i * centroids + c] - piece[i];
        sum += difference * difference;
    }
    return sum;
}

static inline float piece_ndot(const float *first, const size_t centroids, size_t c, const float *piece, size_t size)
{
    float sum = 0;
    for (size_t i = 0; i < size; i++) sum -= first[i * centroids + c] * piece[i];
    return sum;
}

static inline size_t nearest_centroid(const float *first, const size_t centroids, const float *piece, size_t size)
{
    float least = __builtin_inff();
    size_t nearest = 0;
    for (size_t c = 0; c < centroids; c++) {
        const float distance = piece_distance(first, centroids, c, piece, size);
        if (distance < least) least = distance, nearest = c;
    }
    return nearest;
}

#define PQ_KERNELS(type, count_of)                                                                                     \
    void jade_f32_to_##type##_rows_serial(const struct jade_pq *pq, const void *rows, size_t stride_bytes,             \
                                          size_t count, void *codes, size_t codes_stride_bytes)                        \
    {                                                                                                                  \
        const size_t size = pq->sub_dimension;                                                                         \
        for (size_t r = 0; r < count; r++)                                                                             \
            for (size_t j = 0; j < pq->subspaces; j++) {                                                               \
                const float *piece = (const float *)((const char *)rows + r * stride_bytes) + j * size;                \
                const size_t code = nearest_centroid(pq->centroids + j * size * count_of, count_of, piece, size);      \
                code_set((uint8_t *)codes + r * codes_stride_bytes, count_of, j, code);                                \
            }                                                                                                          \
    }                                                                                                                  \
    void jade_##type##_to_f32_row_serial(const struct jade_pq *pq, const void *codes, float *out)                      \
    {                                                                                                                  \
        const size_t size = pq->sub_dimension;                                                                         \
        for (size_t j = 0; j < pq->subspaces; j++) {                                                                   \
            const float *centroid = pq->centroids + j * size * count_of + code_at(codes, count_of, j);                 \
            for (size_t i = 0; i < size; i++) out[j * size + i] = centroid[i * count_of];                              \
        }                                                                                                              \
    }                                                                                                                  \
    void jade_table_##type##_l2sq_serial(const struct jade_pq *pq, const float *query, float *out)                     \
    {                                                                                                                  \
        const size_t size = pq->sub_dimension;                                                                         \
        for (size_t j = 0; j < pq->subspaces; j++)                                                                     \
            for (size_t c = 0; c < count_of; c++)                                                                      \
                out[j * count_of + c] =                                                                                \
                    piece_distance(pq->centroids + j * size * count_of, count_of, c, query + j * size, size);          \
    }                                                                                                                  \
    void jade_table_##type##_ndot_serial(const struct jade_pq *pq, const float *query, float *out)                     \
    {                                                                                                                  \
        const size_t size = pq->sub_dimension;                                                                         \
        for (size_t j = 0; j < pq->subspaces; j++)                                                                     \
            for (size_t c = 0; c < count_of; c++)                                                                      \
                out[j * count_of + c] =                                                                                \
                    piece_ndot(pq->centroids + j * size * count_of, count_of, c, query + j * size, size);              \
    }                                                                                                                  \
    LOOKUP_KERNELS(type, count_of)
PQ_KERNELS(pq8, JADE_PQ8_CENTROIDS)
PQ_KERNELS(pq4, JADE_PQ4_CENTROIDS)

#include "fastscan_serial.h"
