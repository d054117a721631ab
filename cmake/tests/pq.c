/// Product codes, their tables and look-ups at every level, between guard pages, against double.
#include "check.h"

enum { ROWS = 7 };
static const size_t shapes[][2] = {{0, 4}, {1, 0}, {1, 1}, {2, 3}, {3, 1}, {7, 5}, {8, 8}, {9, 2}, {16, 4}, {17, 7}, {33, 2}, {48, 16}, {5, 32}};

static double distance(const struct jade_pq *pq, size_t k, size_t j, size_t c, const float *vector, bool is_l2sq, double *magnitude)
{
    double sum = 0;
    for (size_t i = 0; i < pq->sub_dimension; i++) {
        double x = vector[j * pq->sub_dimension + i], y = pq->centroids[(j * pq->sub_dimension + i) * k + c];
        sum += is_l2sq ? (x - y) * (x - y) : -x * y;
        if (magnitude) *magnitude += is_l2sq ? (x - y) * (x - y) : fabs(x * y);
    }
    return sum;
}

static size_t code_of(const uint8_t *codes, size_t k, size_t j)
{
    return k == 256 ? codes[j] : codes[j / 2] >> (j % 2 ? 4 : 0) & 15;
}

static void check_encode(const struct jade_kernels *kernels, const struct jade_pq *pq, size_t k, const float *rows)
{
    const size_t d = pq->subspaces * pq->sub_dimension, bytes = k == 256 ? jade_pq8_bytes(pq->subspaces) : jade_pq4_bytes(pq->subspaces);
    uint8_t *codes = guarded(ROWS * bytes);
    float *back = guarded(d * 4);
    memset(codes, 0xAA, ROWS * bytes);
    (k == 256 ? kernels->f32_to_pq8_rows : kernels->f32_to_pq4_rows)(pq, rows, d * 4, ROWS, codes, bytes);
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t j = 0; j < pq->subspaces; j++) {
            const size_t code = code_of(codes + r * bytes, k, j);
            const double own = distance(pq, k, j, code, rows + r * d, true, NULL);
            for (size_t c = 0; c < k; c++) {
                const double other = distance(pq, k, j, c, rows + r * d, true, NULL);
                CHECK(own <= other * (1 + 4e-6), "code %zu at %g, but %zu at %g", code, own, c, other);
                CHECK(c >= code || other > own * (1 - 4e-6), "code %zu, but %zu is equal", code, c);
            }
        }
        if (k == 16 && pq->subspaces % 2) CHECK(codes[r * bytes + bytes - 1] >> 4 == 0, "the upper half is not 0");
        (k == 256 ? kernels->pq8_to_f32_row : kernels->pq4_to_f32_row)(pq, codes + r * bytes, back);
        for (size_t i = 0; i < d; i++)
            CHECK(back[i] == pq->centroids[i * k + code_of(codes + r * bytes, k, i / pq->sub_dimension)], "component %zu", i);
    }
}

static void check_tables(const struct jade_kernels *kernels, const struct jade_pq *pq, size_t k, const float *query)
{
    const size_t m = pq->subspaces, bytes = k == 256 ? jade_pq8_bytes(m) : jade_pq4_bytes(m);
    float *table = guarded(m * k * 4), *out = guarded(ROWS * 4), *gathered = guarded(ROWS * 4);
    uint8_t *codes = guarded(ROWS * bytes);
    uint32_t *ordinals = guarded(ROWS * 4);
    for (size_t i = 0; i < ROWS * bytes; i++) codes[i] = (uint8_t)random_u64();
    for (uint32_t i = 0; i < ROWS; i++) ordinals[i] = ROWS - 1 - i;
    for (int is_l2sq = 0; is_l2sq < 2; is_l2sq++) {
        if (k == 256) (is_l2sq ? kernels->table_pq8_l2sq : kernels->table_pq8_ndot)(pq, query, table);
        else (is_l2sq ? kernels->table_pq4_l2sq : kernels->table_pq4_ndot)(pq, query, table);
        for (size_t i = 0; i < m * k; i++) {
            double magnitude = 0, want = distance(pq, k, i / k, i % k, query, is_l2sq, &magnitude);
            CHECK(fabs(table[i] - want) <= 2e-6 * magnitude, "entry %zu is %g, not %g", i, table[i], want);
        }
        (k == 256 ? kernels->lookup_pq8_many : kernels->lookup_pq4_many)(table, codes, bytes, ROWS, m, out);
        (k == 256 ? kernels->lookup_pq8_gather : kernels->lookup_pq4_gather)(table, codes, bytes, ordinals, ROWS, m, gathered);
        for (size_t r = 0; r < ROWS; r++) {
            double want = 0, magnitude = 0;
            for (size_t j = 0; j < m; j++) {
                const double entry = table[j * k + code_of(codes + r * bytes, k, j)];
                want += entry, magnitude += fabs(entry);
            }
            CHECK(fabs(out[r] - want) <= 2e-6 * magnitude, "row %zu is %g, not %g", r, out[r], want);
            CHECK(out[r] == (k == 256 ? kernels->lookup_pq8_one : kernels->lookup_pq4_one)(table, codes + r * bytes, m), "one differs");
            CHECK(out[r] == gathered[ROWS - 1 - r], "gather differs");
        }
    }
}

static void check_edges(const struct jade_kernels *kernels)
{
    float centroids[256], rows[5] = {NAN, INFINITY, 1e30f, 7, 300};
    uint8_t codes[5];
    for (int c = 0; c < 256; c++) centroids[c] = (float)(c / 2);
    const struct jade_pq pq = {centroids, 1, 1};
    kernels->f32_to_pq8_rows(&pq, rows, 4, 5, codes, 1);
    const uint8_t want[5] = {0, 0, 0, 14, 254};
    CHECK(memcmp(codes, want, 5) == 0, "%u %u %u %u %u", codes[0], codes[1], codes[2], codes[3], codes[4]);
    for (int c = 0; c < 16; c++) centroids[c] = c == 3 ? NAN : 3;
    kernels->f32_to_pq4_rows(&pq, rows, 4, 5, codes, 1);
    for (int r = 0; r < 5; r++) CHECK(codes[r] == 0, "row %d", r);
}

static void check_level(const struct jade_kernels *kernels)
{
    for (size_t which = 0; which < sizeof shapes / sizeof *shapes; which++)
        for (size_t k = 16; k <= 256; k *= 16) {
            const size_t m = shapes[which][0], size = shapes[which][1], d = m * size;
            float *centroids = guarded(d * k * 4), *rows = guarded(ROWS * d * 4), *query = guarded(d * 4);
            for (size_t i = 0; i < d * k; i++) centroids[i] = random_float();
            for (size_t i = 0; i < ROWS * d; i++) rows[i] = random_float();
            for (size_t i = 0; i < d; i++) query[i] = random_float();
            const struct jade_pq pq = {centroids, m, size};
            if (size > 0) check_encode(kernels, &pq, k, rows);
            check_tables(kernels, &pq, k, query);
        }
    check_edges(kernels);
}

int main(void)
{
    for_each_level(check_level);
}
