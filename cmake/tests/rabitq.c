/// RaBitQ codes at every level, between guard pages: codes and factors against their definition in double, estimates against the
/// formula, and against the distances that they estimate.
#include "check.h"

enum { ROWS = 11 };
static const size_t dimensions[] = {0, 1, 2, 3, 8, 31, 63, 64, 65, 100, 127, 128, 129, 192, 256, 300, 384, 768, 1025};

struct type {
    unsigned bits;
    size_t row_bytes, query_bytes;
    void (*row)(const struct jade_rabitq *, const float *, void *);
    void (*query)(const struct jade_rabitq *, const float *, uint32_t, struct jade_rabitq_query *);
    void (*many)(const struct jade_rabitq_query *, const void *, size_t, size_t, size_t, float *, float *);
    void (*gather)(const struct jade_rabitq_query *, const void *, size_t, const uint32_t *, size_t, size_t, float *, float *);
};

static struct type type_of(const struct jade_kernels *k, unsigned bits, size_t d, uint32_t query_bits)
{
    if (bits == 1)
        return (struct type){1, jade_rabitq1_bytes(d), jade_rabitq1_query_bytes(d, query_bits), k->f32_to_rabitq1_row,
                             k->f32_to_rabitq1_query, k->rabitq1_many, k->rabitq1_gather};
#define TYPE_OF(n)                                                                                                     \
    (struct type) {                                                                                                    \
        n, jade_rabitq##n##_bytes(d), jade_rabitq##n##_query_bytes(d), k->f32_to_rabitq##n##_row,                      \
            k->f32_to_rabitq##n##_query, k->rabitq##n##_many, k->rabitq##n##_gather                                    \
    }
    const struct type types[] = {TYPE_OF(2), TYPE_OF(3), TYPE_OF(4), TYPE_OF(5), TYPE_OF(6), TYPE_OF(7), TYPE_OF(8)};
#undef TYPE_OF
    return types[bits - 2];
}

/// `width` bits of component `i` of 128.
static unsigned part_of(const uint8_t *part, unsigned width, size_t i)
{
    const size_t group = 128 / width;
    return part[i / group * 16 + i % 16] >> (i % group / 16 * width) & ((1u << width) - 1);
}

static unsigned mixed_code(const uint8_t *codes, unsigned bits, size_t i)
{
    const uint8_t *part = codes + i / 128 * 16 * bits;
    unsigned code = 0;
    for (unsigned width = 4; width > 0; width /= 2) {
        if (!(bits & width)) continue;
        code = code << width | part_of(part, width, i % 128);
        part += 16 * width;
    }
    return code;
}

static unsigned row_code(const uint8_t *codes, unsigned bits, size_t i)
{
    if (bits == 1) return codes[i / 8] >> i % 8 & 1;
    if (bits == 4) return codes[i / 128 * 64 + i % 64] >> (i % 128 < 64 ? 0 : 4) & 15;
    return bits == 8 ? codes[i] : mixed_code(codes, bits, i);
}

static int query_code(const struct jade_rabitq_query *query, unsigned bits, size_t i)
{
    if (bits > 1) return ((const int8_t *)query->codes)[i];
    const uint8_t *chunk = (const uint8_t *)query->codes + i / 128 * (query->bits > 4 ? 128 : 64);
    int code = 0;
    for (uint32_t bit = 0; bit < query->bits; bit++) code |= (chunk[16 * bit + i % 128 / 8] >> i % 8 & 1) << bit;
    return code;
}

/// A row's head as the header defines it, from its own codes.
static void check_row(const struct jade_rabitq *space, unsigned bits, const float *r, const char *row, size_t bytes)
{
    struct jade_rabitq_head head;
    memcpy(&head, row, sizeof head);
    const uint8_t *codes = (const uint8_t *)row + sizeof head;
    const double half = ((1u << bits) - 1) / 2.0, times = space->metric == JADE_RABITQ_L2SQ ? 2 : 1;
    double rr = 0, yr = 0, yy = 0, rc = 0, cc = 0, sum = 0, used = 0;
    for (size_t i = 0; i < space->dimension; i++) {
        const double u = row_code(codes, bits, i), y = u - half, c = space->center ? space->center[i] : 0;
        rr += (double)r[i] * r[i], yr += y * r[i], yy += y * y, rc += r[i] * c, cc += c * c, sum += u;
        if (bits == 1) CHECK(r[i] == 0 || (r[i] > 0) == (u == 1), "sign of component %zu", i);
    }
    for (size_t i = 0; i < bytes - sizeof head; i++) used += codes[i];
    if (space->dimension == 0) CHECK(used == 0, "codes of nothing");
    const double add = space->metric == JADE_RABITQ_L2SQ ? rr : -rc - cc;
    CHECK(fabs(head.add - add) <= 4e-6 * (rr + sqrt(rr * cc) + cc), "add %g, not %g", head.add, add);
    CHECK(head.sum == sum, "sum %g, not %g", head.sum, sum);
    if (rr == 0) {
        CHECK(head.scale == 0 && head.error == 0, "no direction");
        return;
    }
    const double w2 = yr * yr / (yy * rr), d1 = space->dimension > 1 ? (double)space->dimension - 1 : 1;
    CHECK(fabs(head.scale + times * rr / yr) <= 1e-5 * times * rr / yr, "scale %g, not %g", head.scale, -times * rr / yr);
    const double error = times * sqrt(rr * fmax(1 - w2, 0) / (w2 * d1));
    CHECK(fabs(head.error - error) <= 2e-3 * error + 2e-3 * times * sqrt(rr / d1), "error %g, not %g", head.error, error);
    // What the best of all codes of this size reach on vectors spread like these, with room.
    if (space->dimension >= 64) CHECK(1 - w2 < (bits == 1 ? 0.45 : bits == 8 ? 1e-4 : 3 * pow(4, -(double)bits)), "%u bits: 1 - w^2 = %g", bits, 1 - w2);
}

static void check_query(const struct jade_rabitq *space, unsigned bits, uint32_t query_bits, const float *z,
                        const struct jade_rabitq_query *query)
{
    double zz = 0, zc = 0, sum = 0, whole = 0, low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < space->dimension; i++) {
        const double value = query->low + query->step * (double)query_code(query, bits, i);
        CHECK(fabs(value - z[i]) <= 0.501 * query->step + 1e-6, "component %zu is %g, not %g", i, value, z[i]);
        zz += (double)z[i] * z[i], zc += space->center ? (double)z[i] * space->center[i] : 0, sum += value;
        whole += query_code(query, bits, i), low = fmin(low, z[i]), high = fmax(high, z[i]);
    }
    const double add = space->metric == JADE_RABITQ_L2SQ ? zz : -zc;
    CHECK(fabs(query->add - add) <= 4e-6 * (zz + fabs(zc)) + 1e-5, "add %g, not %g", query->add, add);
    const double bias = ((1u << bits) - 1) / 2.0 * sum;
    CHECK(fabs(query->bias - bias) <= 1e-4 * (1 + fabs(bias)), "bias %g, not %g", query->bias, bias);
    CHECK(fabs(query->error - space->epsilon * sqrt(zz)) <= 1e-5 * (1 + sqrt(zz)), "error %g", query->error);
    if (space->dimension < 2) return;
    if (bits > 1) CHECK(query->sum == (int32_t)whole && query->low == 0, "sum %d", query->sum);
    const double step = bits > 1 ? fmax(high, -low) / 127 : (high - low) / ((1u << query_bits) - 1);
    CHECK(fabs(query->step - step) <= 1e-5 * step, "step %g, not %g", query->step, step);
}

/// The formula of the header, from the codes.
static void check_estimates(const struct jade_rabitq *space, const struct type *type, const struct jade_rabitq_query *query,
                            const char *rows, const float *out, const float *lower)
{
    for (size_t n = 0; n < ROWS; n++) {
        struct jade_rabitq_head head;
        memcpy(&head, rows + n * type->row_bytes, sizeof head);
        const uint8_t *codes = (const uint8_t *)rows + n * type->row_bytes + sizeof head;
        double product = 0;
        for (size_t i = 0; i < space->dimension; i++) product += row_code(codes, type->bits, i) * (double)query_code(query, type->bits, i);
        const double parts[] = {head.add, query->add, head.scale * (double)query->step * product, head.scale * (double)query->low * head.sum,
                                -head.scale * (double)query->bias};
        double want = 0, magnitude = 0;
        for (int i = 0; i < 5; i++) want += parts[i], magnitude += fabs(parts[i]);
        CHECK(fabs(out[n] - want) <= 1e-6 * magnitude, "row %zu is %g, not %g", n, out[n], want);
        CHECK(fabs(lower[n] - (want - head.error * (double)query->error)) <= 1e-6 * (magnitude + head.error * (double)query->error),
              "bound %zu is %g", n, lower[n]);
    }
}

static void check_scene(const struct jade_kernels *k, unsigned bits, size_t d, uint32_t query_bits, enum jade_rabitq_metric metric)
{
    const struct type type = type_of(k, bits, d, query_bits);
    float *center = guarded(d * 4), *z = guarded(d * 4), *r = guarded(d * 4), *out = guarded(ROWS * 4), *lower = guarded(ROWS * 4);
    char *rows = guarded(ROWS * type.row_bytes);
    uint32_t *ordinals = guarded(ROWS * 4);
    for (size_t i = 0; i < d; i++) center[i] = random_float(), z[i] = random_float();
    const struct jade_rabitq space = {d, metric, metric == JADE_RABITQ_L2SQ || d % 2 ? NULL : center, 1.9f};
    memset(rows, 0xFF, ROWS * type.row_bytes);
    for (size_t n = 0; n < ROWS; n++) {
        for (size_t i = 0; i < d; i++) r[i] = n == 4 ? 0 : random_float();
        type.row(&space, r, rows + n * type.row_bytes);
        check_row(&space, bits, r, rows + n * type.row_bytes, type.row_bytes);
        ordinals[n] = ROWS - 1 - (uint32_t)n;
    }
    struct jade_rabitq_query query = {.codes = guarded(type.query_bytes)};
    type.query(&space, z, query_bits, &query);
    check_query(&space, bits, query_bits, z, &query);
    type.many(&query, rows, type.row_bytes, ROWS, d, out, lower);
    check_estimates(&space, &type, &query, rows, out, lower);
    float *again = guarded(ROWS * 4), *bounds = guarded(ROWS * 4);
    type.gather(&query, rows, type.row_bytes, ordinals, ROWS, d, again, bounds);
    for (size_t n = 0; n < ROWS; n++) CHECK(again[n] == out[ROWS - 1 - n] && bounds[n] == lower[ROWS - 1 - n], "gather differs at %zu", n);
    type.many(&query, rows, type.row_bytes, ROWS, d, again, NULL);
    CHECK(memcmp(again, out, ROWS * 4) == 0, "without bounds");
}

/// Estimates are near the true distances, without a bias, and the bound holds as often as it should.
static void check_quality(const struct jade_kernels *k, unsigned bits)
{
    enum { D = 256, MANY = 2000 };
    const struct type type = type_of(k, bits, D, 8);
    const struct jade_rabitq space = {D, JADE_RABITQ_L2SQ, NULL, 1.9f};
    float z[D], r[D], estimate, lower;
    char *row = malloc(type.row_bytes);
    struct jade_rabitq_query query = {.codes = malloc(type.query_bytes)};
    double error = 0, square = 0;
    int below = 0;
    for (int n = 0; n < MANY; n++) {
        double distance = 0;
        for (int i = 0; i < D; i++) {
            // Sums of three are round enough.
            r[i] = random_float() + random_float() + random_float();
            z[i] = random_float() + random_float() + random_float() + 0.3f * r[i];
            distance += ((double)r[i] - z[i]) * ((double)r[i] - z[i]);
        }
        type.row(&space, r, row);
        type.query(&space, z, 8, &query);
        type.many(&query, row, type.row_bytes, 1, D, &estimate, &lower);
        const double relative = (estimate - distance) / distance;
        error += relative, square += relative * relative;
        below += distance < lower;
    }
    static const double allowed_for[] = {0, 0.075, 0.045, 0.0225, 0.0115, 0.0068, 0.004, 0.0024, 0.0013};
    const double spread = sqrt(square / MANY), allowed = allowed_for[bits];
    CHECK(spread < allowed, "%u bits: errors of %g", bits, spread);
    CHECK(fabs(error / MANY) < 4 * spread / sqrt(MANY) + 1e-5, "%u bits: biased by %g, spread %g", bits, error / MANY, spread);
    // Of more bits the error of the query, which is beside the bound, is as large.
    if (bits < 6) CHECK(below < MANY / 12 && (bits > 1 || below > MANY / 200), "%u bits: %d of %d below the bound", bits, below, MANY);
    free(row), free(query.codes);
}

static void check_edges(const struct jade_kernels *k, unsigned bits)
{
    enum { D = 130 };
    const struct type type = type_of(k, bits, D, 4);
    const struct jade_rabitq space = {D, JADE_RABITQ_NDOT, NULL, 1.9f};
    float z[D] = {1}, r[D] = {2}, out, lower;
    char *row = malloc(type.row_bytes);
    struct jade_rabitq_query query = {.codes = malloc(type.query_bytes)};
    const float broken[] = {NAN, INFINITY, -INFINITY, 3e38f};
    for (int n = 0; n < 4; n++) {
        r[D - 1] = broken[n], z[D - 1] = 0;
        type.row(&space, r, row);
        type.query(&space, z, 4, &query);
        type.many(&query, row, type.row_bytes, 1, D, &out, &lower);
        CHECK(isnan(out) && isnan(lower), "%u bits: a row with %g at %g", bits, broken[n], out);
        r[D - 1] = 0, z[D - 1] = broken[n];
        type.row(&space, r, row);
        type.query(&space, z, 4, &query);
        type.many(&query, row, type.row_bytes, 1, D, &out, &lower);
        CHECK(isnan(out) && isnan(lower), "%u bits: a query with %g at %g", bits, broken[n], out);
    }
    free(row), free(query.codes);
}

static void check_level(const struct jade_kernels *k)
{
    for (unsigned bits = 1; bits <= 8; bits++) {
        for (size_t which = 0; which < sizeof dimensions / sizeof *dimensions; which++)
            for (uint32_t query_bits = 1; query_bits <= (bits == 1 ? 8 : 1); query_bits++) {
                check_scene(k, bits, dimensions[which], query_bits, JADE_RABITQ_L2SQ);
                check_scene(k, bits, dimensions[which], query_bits, JADE_RABITQ_NDOT);
            }
        check_quality(k, bits);
        check_edges(k, bits);
    }
}

int main(void)
{
    for_each_level(check_level);
}
