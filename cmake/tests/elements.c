/// Every distance over every element type at every level, between guard pages, against its definition in double.
#include "check.h"

enum { ROWS = 9, MAXIMUM = 1536 };
static const size_t dimensions[] = {0,  1,  2,  3,  5,  7,   8,   9,   15,  16,  17,  23,  31,  32,  33,  47,
                                    48, 63, 64, 65, 96, 127, 128, 129, 223, 255, 256, 257, 384, 511, 768, MAXIMUM};

enum type { F32, F16, BF16, I8, U8, B1 };
enum family { L2SQ, DOT, NDOT, COSINE, L1, HAMMING, JACCARD };

static size_t bytes_of(enum type type, size_t dimension)
{
    return type == F32 ? 4 * dimension : type == B1 ? (dimension + 7) / 8 : type >= I8 ? dimension : 2 * dimension;
}

static double f16_value(uint16_t bits)
{
    int exponent = bits >> 10 & 31, mantissa = bits & 1023;
    double magnitude = exponent == 0 ? ldexp(mantissa, -24) : ldexp(1024 + mantissa, exponent - 25);
    return bits >> 15 ? -magnitude : magnitude;
}

static double value(enum type type, const void *vector, size_t i)
{
    float number;
    uint32_t bits;
    switch (type) {
    case F32:
        return ((const float *)vector)[i];
    case F16:
        return f16_value(((const uint16_t *)vector)[i]);
    case BF16:
        bits = (uint32_t)((const uint16_t *)vector)[i] << 16;
        memcpy(&number, &bits, 4);
        return number;
    case I8:
        return ((const int8_t *)vector)[i];
    case U8:
        return ((const uint8_t *)vector)[i];
    default:
        return ((const uint8_t *)vector)[i / 8] >> (i % 8) & 1;
    }
}

/// Random components, none of them infinite.
static void fill(enum type type, void *vector, size_t dimension)
{
    for (size_t i = 0; i < bytes_of(type, dimension); i++) ((uint8_t *)vector)[i] = (uint8_t)random_u64();
    for (size_t i = 0; i < dimension; i++) {
        if (type == F32) ((float *)vector)[i] = random_float();
        // Denormal numbers among them, exponents up to 1.
        if (type == F16) ((uint16_t *)vector)[i] = (uint16_t)(random_u64() % 0x3C00 | (random_u64() & 0x8000));
        if (type == BF16) ((uint16_t *)vector)[i] = (uint16_t)(0x3A00 + random_u64() % 0x600 + (random_u64() & 0x8000));
    }
    // Extreme bytes are where a product of one signed and one unsigned byte would go wrong.
    if (type >= I8 && type <= U8 && random_u64() % 3 == 0)
        for (size_t i = 0; i < dimension; i++) ((uint8_t *)vector)[i] = (uint8_t[]){0x80, 0x7F, 0xFF, 0}[random_u64() % 4];
}

/// Sums over all components: of the family's terms and of their magnitudes.
struct sums {
    double term, magnitude, a, b, either;
};

static double exact(enum family family, enum type type, const void *a, const void *b, size_t dimension, double *magnitude)
{
    struct sums s = {0, 0, 0, 0, 0};
    for (size_t i = 0; i < dimension; i++) {
        double x = value(type, a, i), y = value(type, b, i);
        double term = family == L2SQ || family == HAMMING ? (x - y) * (x - y) : family == L1 ? fabs(x - y) : x * y;
        s.term += term, s.magnitude += fabs(term), s.a += x * x, s.b += y * y, s.either += x + y > 0;
    }
    *magnitude = s.magnitude;
    if (family == NDOT) return -s.term;
    if (family == JACCARD) return s.either == 0 ? 0 : 1 - s.term / s.either;
    if (family != COSINE) return s.term;
    *magnitude = 1;
    return s.a * s.b == 0 ? 1 : 1 - s.term / sqrt(s.a * s.b);
}

typedef float one_kernel(const void *, const void *, size_t);
typedef void many_kernel(const void *, const void *, size_t, size_t, size_t, float *);
typedef void gather_kernel(const void *, const void *, size_t, const uint32_t *, size_t, size_t, float *);

struct kernel {
    const char *name;
    enum family family;
    enum type type;
    one_kernel *one;
    many_kernel *many;
    gather_kernel *gather;
};

static void check_row(const struct kernel *k, const void *query, const void *row, size_t d, float got)
{
    double magnitude, want = exact(k->family, k->type, query, row, d, &magnitude);
    // A whole number is rounded once, to f32.
    bool whole = k->type >= I8 && k->family != COSINE && k->family != JACCARD;
    double tolerance = whole ? 0 : 2e-6 * magnitude + 1e-37;
    CHECK(fabs(got - (whole ? (float)want : want)) <= tolerance, "%s, %zu: %.9g, expected %.9g", k->name, d, got, want);
}

static void check_dimension(const struct kernel *k, size_t d)
{
    size_t stride = bytes_of(k->type, d);
    char *query = guarded(stride), *rows = guarded(ROWS * stride);
    float *out = guarded(ROWS * 4);
    uint32_t *ordinals = guarded(ROWS * 4);
    fill(k->type, query, d);
    for (uint32_t r = 0; r < ROWS; r++) fill(k->type, rows + r * stride, d), ordinals[r] = ROWS - 1 - r;
    k->many(query, rows, stride, ROWS, d, out);
    for (size_t r = 0; r < ROWS; r++) {
        check_row(k, query, rows + r * stride, d, out[r]);
        CHECK(k->one(query, rows + r * stride, d) == out[r], "%s, %zu: many differs", k->name, d);
        CHECK(k->one(rows + r * stride, query, d) == out[r], "%s, %zu: depends on the order", k->name, d);
    }
    k->gather(query, rows, stride, ordinals, ROWS, d, out);
    for (size_t r = 0; r < ROWS; r++)
        CHECK(out[r] == k->one(query, rows + ordinals[r] * stride, d), "%s, %zu: gather differs", k->name, d);
    if (k->family == COSINE && d > 0 && k->one(query, query, d) != 1)
        CHECK(k->one(query, query, d) == 0, "%s, %zu: not 0 to itself", k->name, d);
    if (k->family == L2SQ || k->family == L1 || k->type == B1)
        CHECK(k->one(query, query, d) == 0, "%s, %zu: not 0 to itself", k->name, d);
}

/// What `kernel_list.h` says of l2sq of bf16 at level zen4; elsewhere it is 2e-6.
static double near_tolerance;

/// Rows ever nearer to the query, where |a|^2 + |b|^2 - 2 a*b loses its digits: a bit of every so many components differs.
static void check_near(const struct kernel *k, size_t d)
{
    static const struct {
        size_t every;
        uint16_t bits;
    } steps[] = {{1, 0x40}, {2, 0x40}, {3, 0x40}, {5, 0x60}, {7, 0x40}, {20, 0x20}, {50, 8}, {100, 1}, {5000, 1}};
    enum { NEAR = sizeof steps / sizeof *steps };
    const size_t stride = 2 * d;
    uint16_t *query = guarded(stride), *rows = guarded(NEAR * stride);
    float *out = guarded(NEAR * 4), *gathered = guarded(NEAR * 4);
    uint32_t ordinals[NEAR];
    fill(k->type, query, d);
    for (uint32_t r = 0; r < NEAR; r++) {
        ordinals[r] = r;
        memcpy(rows + r * d, query, stride);
        for (size_t i = 0; i < d; i += steps[r].every) rows[r * d + i] ^= steps[r].bits;
    }
    k->many(query, rows, stride, NEAR, d, out);
    k->gather(query, rows, stride, ordinals, NEAR, d, gathered);
    for (size_t r = 0; r < NEAR; r++) {
        double magnitude, want = exact(L2SQ, k->type, query, rows + r * d, d, &magnitude);
        CHECK(fabs(out[r] - want) <= near_tolerance * want, "%s, %zu, step %zu: %.9g, expected %.9g", k->name, d, r, out[r], want);
        CHECK(gathered[r] == out[r], "%s, %zu, step %zu: gather differs", k->name, d, r);
        CHECK(k->one(query, rows + r * d, d) == out[r], "%s, %zu, step %zu: many differs", k->name, d, r);
    }
}

/// Infinities and NaN of 16-bit floats, and the largest sums of bytes.
static void check_edges(const struct kernel *k)
{
    static uint16_t a[65536], b[65536];
    if (k->type == F16 || k->type == BF16) {
        const uint16_t infinity = k->type == F16 ? 0x7C00 : 0x7F80, one = k->type == F16 ? 0x3C00 : 0x3F80;
        for (size_t d = 1; d < 70; d++) {
            for (size_t i = 0; i < d; i++) a[i] = b[i] = one;
            b[d - 1] = infinity;
            float far = k->one(a, b, d);
            CHECK(k->family == COSINE ? isnan(far) : isinf(far), "%s, %zu: %g with infinity", k->name, d, far);
            b[d - 1] = infinity + 1;
            CHECK(isnan(k->one(a, b, d)) && isnan(k->one(b, a, d)), "%s, %zu: NaN is lost", k->name, d);
        }
    }
    if (k->type == I8 || k->type == U8) {
        memset(a, k->type == I8 ? 0x80 : 0xFF, sizeof a);
        memset(b, k->type == I8 ? 0x7F : 0, sizeof b);
        check_row(k, a, b, 65536, k->one(a, b, 65536));
        check_row(k, a, a, 65536, k->one(a, a, 65536));
    }
}

/// Sums of squares near the end of the range, where those of the norms leave it.
static void check_large(const struct kernel *k)
{
    uint16_t a[64], b[64];
    for (size_t i = 0; i < 64; i++) a[i] = 0x5F00, b[i] = 0x5F02;
    double magnitude, want = exact(L2SQ, k->type, a, b, 64, &magnitude);
    const float got = k->one(a, b, 64);
    CHECK(fabs(got - want) <= 2e-6 * want, "%s of large numbers: %g, expected %g", k->name, got, want);
}

/// The table under test, and functions of one type for all of its kernels.
static const struct jade_kernels *table;
#define WRAP(name)                                                                                                     \
    static float name##_one(const void *a, const void *b, size_t d) { return table->name##_one(a, b, d); }             \
    static void name##_many(const void *q, const void *base, size_t stride, size_t n, size_t d, float *out)            \
    {                                                                                                                  \
        table->name##_many(q, base, stride, n, d, out);                                                                \
    }                                                                                                                  \
    static void name##_gather(const void *q, const void *base, size_t stride, const uint32_t *ordinals, size_t n,      \
                              size_t d, float *out)                                                                    \
    {                                                                                                                  \
        table->name##_gather(q, base, stride, ordinals, n, d, out);                                                    \
    }
#define EACH(X, type, TYPE)                                                                                            \
    X(l2sq_##type, L2SQ, TYPE) X(dot_##type, DOT, TYPE) X(ndot_##type, NDOT, TYPE) X(cosine_##type, COSINE, TYPE)      \
        X(l1_##type, L1, TYPE)
#define ALL(X)                                                                                                         \
    EACH(X, f32, F32) EACH(X, f16, F16) EACH(X, bf16, BF16) EACH(X, i8, I8) EACH(X, u8, U8)                            \
    X(hamming_b1, HAMMING, B1) X(jaccard_b1, JACCARD, B1)
#define WRAP_(name, family, type) WRAP(name)
ALL(WRAP_)
#define ROW(name, family, type) {#name, family, type, name##_one, name##_many, name##_gather},
static const struct kernel kernels[] = {ALL(ROW)};

static void check_level(const struct jade_kernels *level)
{
    table = level;
    near_tolerance = level->level == JADE_LEVEL_zen4 ? 1e-5 : 2e-6;
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        for (size_t which = 0; which < sizeof dimensions / sizeof *dimensions; which++)
            check_dimension(&kernels[i], dimensions[which]);
        // Whole bytes have ways of their own, up to 256 of them.
        for (size_t d = 0; kernels[i].type == B1 && d < 2200; d += (d < 1100 ? 1 : 8) * (1 + random_u64() % 9))
            check_dimension(&kernels[i], d < 1100 ? d : d / 8 * 8);
        check_edges(&kernels[i]);
        if (kernels[i].family == L2SQ && (kernels[i].type == F16 || kernels[i].type == BF16))
            for (size_t d = 1; d <= 4096; d += d < 300 ? 7 : 949) check_near(&kernels[i], d);
        if (kernels[i].family == L2SQ && kernels[i].type == BF16) check_large(&kernels[i]);
    }
}

int main(void)
{
    for_each_level(check_level);
}
