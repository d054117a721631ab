/// Every distance in every shape at every level, between guard pages, against its definition in double.
#include "check.h"

enum { ROWS = 11, MAXIMUM = 1536 };
static const size_t dimensions[] = {1,  2,  3,  4,  7,   8,   9,   15,  16,  17,  23,  31,  32,  33,
                                    47, 48, 63, 64, 65,  96,  127, 128, 129, 223, 384, 768, 784, MAXIMUM};

enum family { L2SQ, DOT, NDOT, COSINE };

static double product(const float *a, const float *b, size_t dimension)
{
    double sum = 0;
    for (size_t i = 0; i < dimension; i++) sum += (double)a[i] * b[i];
    return sum;
}

/// The exact distance; `magnitude` becomes what the tolerance is relative to.
static double exact(enum family family, const float *a, const float *b, size_t dimension, double *magnitude)
{
    *magnitude = 0;
    for (size_t i = 0; i < dimension; i++)
        *magnitude += family == L2SQ ? ((double)a[i] - b[i]) * ((double)a[i] - b[i]) : fabs((double)a[i] * b[i]);
    if (family == L2SQ) return *magnitude;
    double dot = product(a, b, dimension);
    if (family != COSINE) return family == DOT ? dot : -dot;
    *magnitude = 1;
    return 1 - dot / sqrt(product(a, a, dimension) * product(b, b, dimension));
}

typedef float one_kernel(const float *, const float *, size_t);
typedef void many_kernel(const float *, const void *, size_t, size_t, size_t, float *);
typedef void gather_kernel(const float *, const void *, size_t, const uint32_t *, size_t, size_t, float *);

static void check_shapes(enum family family, one_kernel *one, many_kernel *many, gather_kernel *gather)
{
    for (size_t which = 0; which < sizeof dimensions / sizeof *dimensions; which++) {
        size_t d = dimensions[which];
        float *query = guarded(d * 4), *rows = guarded(ROWS * d * 4), *out = guarded(ROWS * 4);
        uint32_t *ordinals = guarded(ROWS * 4);
        for (size_t i = 0; i < d; i++) query[i] = random_float();
        for (size_t i = 0; i < ROWS * d; i++) rows[i] = random_float();
        for (uint32_t i = 0; i < ROWS; i++) ordinals[i] = ROWS - 1 - i;

        many(query, rows, d * 4, ROWS, d, out);
        for (size_t r = 0; r < ROWS; r++) {
            double magnitude, want = exact(family, query, rows + r * d, d, &magnitude);
            float single = one(query, rows + r * d, d);
            CHECK(fabs(single - want) <= 2e-6 * magnitude, "family %d, %zu: %.9g, expected %.9g", family, d, single, want);
            CHECK(single == out[r], "family %d, %zu: many differs", family, d);
        }
        gather(query, rows, d * 4, ordinals, ROWS, d, out);
        for (size_t r = 0; r < ROWS; r++)
            CHECK(out[r] == one(query, rows + ordinals[r] * d, d), "family %d, %zu: gather differs", family, d);
    }
}

static void check_level(const struct jade_kernels *k)
{
    check_shapes(L2SQ, k->l2sq_f32_one, k->l2sq_f32_many, k->l2sq_f32_gather);
    check_shapes(DOT, k->dot_f32_one, k->dot_f32_many, k->dot_f32_gather);
    check_shapes(NDOT, k->ndot_f32_one, k->ndot_f32_many, k->ndot_f32_gather);
    check_shapes(COSINE, k->cosine_f32_one, k->cosine_f32_many, k->cosine_f32_gather);
}

int main(void)
{
    for_each_level(check_level);
}
