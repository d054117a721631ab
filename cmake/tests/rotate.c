/// Rotations at every level against their definition in double, and back.
#include "check.h"

static const size_t dimensions[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 96, 100, 128, 129, 200, 256, 384, 512, 768, 784, 1024, 1536, 2048};

/// By the sign of every entry of the matrix: minus where the row's and the column's numbers have an odd number of common bits.
static void transform(double *x, size_t n)
{
    double *copy = malloc(n * sizeof *copy);
    memcpy(copy, x, n * sizeof *copy);
    for (size_t i = 0; i < n; i++) {
        x[i] = 0;
        for (size_t j = 0; j < n; j++) x[i] += __builtin_popcountll(i & j) % 2 ? -copy[j] : copy[j];
        x[i] /= sqrt((double)n);
    }
    free(copy);
}

static void rotate(const struct jade_rotation *rotation, double *x)
{
    const size_t d = rotation->dimension, bytes = (d + 7) / 8;
    size_t n = 1;
    while (2 * n <= d) n *= 2;
    for (size_t round = 0; round < rotation->rounds; round++) {
        for (size_t i = 0; i < d; i++)
            if (rotation->signs[round * bytes + i / 8] >> i % 8 & 1) x[i] = -x[i];
        transform(x, n);
        if (n < d) transform(x + d - n, n);
    }
}

static void check_level(const struct jade_kernels *k)
{
    for (size_t which = 0; which < sizeof dimensions / sizeof *dimensions; which++)
        for (size_t rounds = 0; rounds < 4; rounds += dimensions[which] > 300 ? 2 : 1) {
            const size_t d = dimensions[which];
            uint8_t *signs = guarded(jade_rotation_bytes(d, rounds));
            float *x = guarded(d * 4);
            double *want = malloc(d * 8 + 8), *start = malloc(d * 8 + 8), length = 0, error = 0;
            for (size_t i = 0; i < jade_rotation_bytes(d, rounds); i++) signs[i] = (uint8_t)random_u64();
            for (size_t i = 0; i < d; i++) want[i] = start[i] = x[i] = random_float(), length += want[i] * want[i];
            const struct jade_rotation rotation = {d, rounds, signs};
            if (d > 0) rotate(&rotation, want);
            const double tolerance = 1e-6 * (double)rounds * log2((double)d + 1) * sqrt(length);
            k->rotate_f32_forward(&rotation, x);
            for (size_t i = 0; i < d; i++) error += (x[i] - want[i]) * (x[i] - want[i]);
            CHECK(sqrt(error) <= tolerance, "%zu dimensions, %zu rounds: off by %g", d, rounds, sqrt(error));
            k->rotate_f32_inverse(&rotation, x);
            error = 0;
            for (size_t i = 0; i < d; i++) error += (x[i] - start[i]) * (x[i] - start[i]);
            CHECK(sqrt(error) <= 2 * tolerance, "%zu dimensions, %zu rounds: back off by %g", d, rounds, sqrt(error));
            if (d > 0 && rounds > 0) {
                x[d - 1] = NAN;
                k->rotate_f32_forward(&rotation, x);
                CHECK(isnan(x[d - 1]), "NaN vanished");
            }
            free(want), free(start);
        }
}

int main(void)
{
    for_each_level(check_level);
}
