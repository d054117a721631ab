/// The 4-bit fast scan at every level, between guard pages: exact against its definition, and its distances against the table.
#include "check.h"

static const size_t counts[] = {0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 160, 300};
static const size_t subspace_counts[] = {0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 31, 32, 48, 65, 300};

struct scene {
    size_t m, count;
    uint8_t *rows, *blocks;
    struct jade_pq4_blocks view;
};

static size_t code_of(const struct scene *scene, size_t r, size_t j)
{
    return scene->rows[r * jade_pq4_bytes(scene->m) + j / 2] >> (j % 2 ? 4 : 0) & 15;
}

static struct scene make_scene(size_t m, size_t count)
{
    struct scene scene = {.m = m, .count = count};
    const size_t bytes = jade_pq4_bytes(m);
    scene.rows = guarded(count * bytes), scene.blocks = guarded(jade_pq4_blocks_bytes(count, m));
    for (size_t i = 0; i < count * bytes; i++) scene.rows[i] = (uint8_t)random_u64();
    for (size_t r = 0; r < count && m % 2; r++) scene.rows[r * bytes + bytes - 1] &= 15;
    jade_pq4_pack(scene.rows, bytes, count, m, scene.blocks);
    scene.view = (struct jade_pq4_blocks){scene.blocks, m, count};
    return scene;
}

/// The layout as the header says it, and single rows.
static void check_layout(const struct scene *scene)
{
    const size_t bytes = jade_pq4_bytes(scene->m);
    uint8_t *row = guarded(bytes), *blocks = guarded(jade_pq4_blocks_bytes(scene->count, scene->m));
    memset(blocks, 0, jade_pq4_blocks_bytes(scene->count, scene->m));
    for (size_t r = scene->count; r-- > 0;) {
        for (size_t j = 0; j < scene->m; j++) {
            const uint8_t both = scene->blocks[r / 32 * 16 * scene->m + j * 16 + r % 16];
            CHECK((r % 32 < 16 ? both & 15 : both >> 4) == (int)code_of(scene, r, j), "row %zu, subspace %zu", r, j);
        }
        jade_pq4_block_read(scene->blocks, scene->m, r, row);
        CHECK(memcmp(row, scene->rows + r * bytes, bytes) == 0, "row %zu read", r);
        memset(row, 0xFF, bytes);
        jade_pq4_block_write(blocks, scene->m, r, row);
        jade_pq4_block_write(blocks, scene->m, r, scene->rows + r * bytes);
    }
    CHECK(memcmp(blocks, scene->blocks, jade_pq4_blocks_bytes(scene->count, scene->m)) == 0, "blocks written by rows");
}

static void check_sums(const struct jade_kernels *k, const struct scene *scene)
{
    uint8_t *entries = guarded(16 * scene->m);
    uint16_t *sums = guarded(2 * scene->count);
    uint64_t *keys = guarded(8 * scene->count);
    const unsigned most = scene->m > 257 ? 65535u / (unsigned)scene->m : 256;
    for (size_t i = 0; i < 16 * scene->m; i++) entries[i] = (uint8_t)(i % 5 ? random_u64() % most : most - 1);
    k->fastscan_pq4_sums(entries, &scene->view, sums);
    for (size_t r = 0; r < scene->count; r++) {
        uint32_t want = 0;
        for (size_t j = 0; j < scene->m; j++) want += entries[16 * j + code_of(scene, r, j)];
        CHECK(sums[r] == want, "%zu subspaces, row %zu of %zu: %u, not %u", scene->m, r, scene->count, sums[r], want);
    }
    const uint32_t limits[] = {0, scene->count ? sums[scene->count / 2] : 9, 65534, 65535, 70000};
    for (size_t i = 0; i < 5; i++) {
        size_t found = k->fastscan_pq4_passing(entries, &scene->view, limits[i], 0xFFFFFFF0, keys), expected = 0;
        for (size_t r = 0; r < scene->count; r++) {
            if (sums[r] > limits[i]) continue;
            const uint64_t key = (uint64_t)sums[r] << 32 | (uint32_t)(0xFFFFFFF0 + (uint32_t)r);
            CHECK(expected < found && keys[expected] == key, "row %zu of %zu below %u", r, scene->count, limits[i]);
            expected++;
        }
        CHECK(found == expected, "%zu rows below %u, not %zu", found, limits[i], expected);
    }
}

enum { QUERIES = 7, CAPACITY = 9 };

static void check_search(const struct jade_kernels *k, const struct scene *scene, bool by_ordinals)
{
    uint8_t *entries[QUERIES];
    for (size_t q = 0; q < QUERIES; q++) entries[q] = guarded(16 * scene->m);
    float *table = guarded(64 * scene->m + 4);
    uint32_t *ordinals = guarded(4 * scene->count);
    uint16_t *sums = guarded(2 * scene->count);
    for (size_t r = 0; r < scene->count; r++) ordinals[r] = (uint32_t)random_u64();
    for (size_t queries = 0; queries <= QUERIES; queries++) {
        struct jade_pq4_table tables[QUERIES];
        struct jade_topk states[QUERIES], wanted[QUERIES];
        jade_topk_key keys[QUERIES][CAPACITY], wanted_keys[QUERIES][CAPACITY];
        for (size_t q = 0; q < queries; q++) {
            for (size_t i = 0; i < 16 * scene->m; i++) table[i] = random_float() + (q == 3 ? 1e6f : 0);
            if (q == 5 && scene->m) table[0] = NAN;
            tables[q].entries = entries[q];
            k->fastscan_pq4_quantize(table, scene->m, &tables[q]);
            const size_t capacity = q == 4 ? 0 : CAPACITY;
            const float limit = q == 2 ? tables[q].bias + tables[q].scale * 100 * (float)scene->m : INFINITY;
            states[q] = (struct jade_topk){keys[q], 0, capacity, limit};
            wanted[q] = (struct jade_topk){wanted_keys[q], 0, capacity, limit};
            k->fastscan_pq4_sums(tables[q].entries, &scene->view, sums);
            for (size_t r = 0; r < scene->count; r++) {
                const float distance = (float)((double)tables[q].bias + (double)tables[q].scale * sums[r]);
                if (distance <= limit) jade_topk_offer(&wanted[q], distance, by_ordinals ? ordinals[r] : 40 + (uint32_t)r);
            }
        }
        k->fastscan_pq4_search(tables, queries, &scene->view, by_ordinals ? ordinals : NULL, 40, states);
        for (size_t q = 0; q < queries; q++) {
            jade_topk_sort(&states[q]), jade_topk_sort(&wanted[q]);
            CHECK(states[q].count == wanted[q].count, "query %zu of %zu has %zu, not %zu", q, queries, states[q].count, wanted[q].count);
            CHECK(memcmp(keys[q], wanted_keys[q], states[q].count * 8) == 0, "query %zu of %zu, %zu rows", q, queries, scene->count);
        }
    }
}

static uint32_t largest_entry(const uint8_t *entries)
{
    int largest = 0;
    for (int c = 0; c < 16; c++) largest = entries[c] > largest ? entries[c] : largest;
    return (uint32_t)largest;
}

/// Every sum of entries within what the header promises.
static void check_quantize(const struct jade_kernels *k, const struct scene *scene, float size, float offset)
{
    float *table = guarded(64 * scene->m);
    struct jade_pq4_table out = {guarded(16 * scene->m), -1, -1};
    for (size_t i = 0; i < 16 * scene->m; i++) table[i] = size * random_float() * (i / 16 % 3 ? 1 : 0.01f) + offset;
    k->fastscan_pq4_quantize(table, scene->m, &out);
    double largest = 0;
    uint32_t top = 0;
    for (size_t j = 0; j < scene->m; j++) {
        double magnitude = 0;
        for (size_t c = 0; c < 16; c++)
            if (fabs((double)table[16 * j + c]) > magnitude) magnitude = fabs((double)table[16 * j + c]);
        largest += magnitude, top += largest_entry(out.entries + 16 * j);
    }
    CHECK(top <= 65535, "%zu subspaces can sum to %u", scene->m, top);
    for (size_t r = 0; r < scene->count; r++) {
        double want = 0, got = out.bias;
        for (size_t j = 0; j < scene->m; j++) {
            want += table[16 * j + code_of(scene, r, j)];
            got += (double)out.scale * out.entries[16 * j + code_of(scene, r, j)];
        }
        CHECK(fabs(got - want) <= out.scale * 0.5 * (double)scene->m * (1 + 1e-4) + 1e-6 * largest, "%g, not %g", got, want);
    }
    if (scene->m == 0) return;
    for (size_t i = 0; i < 3; i++) {
        table[16 * scene->m - 1] = (float[]){NAN, INFINITY, -INFINITY}[i];
        k->fastscan_pq4_quantize(table, scene->m, &out);
        CHECK(isnan(out.bias) && out.scale == 0 && out.entries[0] == 0, "not finite");
    }
}

static void check_level(const struct jade_kernels *k)
{
    for (size_t i = 0; i < sizeof subspace_counts / sizeof *subspace_counts; i++)
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            struct scene scene = make_scene(subspace_counts[i], counts[j]);
            check_layout(&scene);
            check_sums(k, &scene);
            if (scene.count % 16 > 1 && scene.count != 63) continue;
            check_search(k, &scene, j % 2);
            check_quantize(k, &scene, 1, 0);
            check_quantize(k, &scene, 1e-3f, 5);
            check_quantize(k, &scene, 0, 2);
        }
}

/// More blocks than stay in the cache together; more subspaces than 16 bits hold sums of whole bytes of.
static void check_long(const struct jade_kernels *k)
{
    struct scene scene = make_scene(40, 9000), wide = make_scene(700, 33);
    check_search(k, &scene, false);
    check_quantize(k, &wide, 1, 0);
}

int main(void)
{
    for_each_level(check_level);
    for_each_level(check_long);
}
