/// AMX in plain C, after the instruction descriptions in Intel's manual: tiles of rows of bytes, a configuration that every
/// instruction is checked against, products of groups of four bytes. What would fault stops the program.
#pragma once

#include <stdlib.h>
#include <string.h>

enum { AMX_TILES = 8 };

struct amx_state {
    struct amx_config config;
    int is_configured;
    uint8_t tiles[AMX_TILES][AMX_ROWS][AMX_ROW_BYTES];
};
static struct amx_state amx_state;

static inline void amx_require(int condition)
{
    if (!condition) abort();
}

static inline void amx_require_tile(int tile)
{
    amx_require(amx_state.is_configured && tile >= 0 && tile < AMX_TILES);
    amx_require(amx_state.config.rows[tile] > 0 && amx_state.config.row_bytes[tile] > 0);
}

static inline void amx_configure(const struct amx_config *config)
{
    amx_require(sizeof *config == 64 && config->palette == 1);
    for (int i = 0; i < 14; i++) amx_require(config->reserved[i] == 0);
    for (int i = 0; i < 16; i++) {
        amx_require((config->rows[i] == 0) == (config->row_bytes[i] == 0));
        amx_require(config->rows[i] <= AMX_ROWS && config->row_bytes[i] <= AMX_ROW_BYTES);
        amx_require(i < AMX_TILES || config->rows[i] == 0);
    }
    memset(&amx_state, 0, sizeof amx_state);
    amx_state.config = *config;
    amx_state.is_configured = 1;
}

static inline void amx_release(void) { amx_state.is_configured = 0; }

static inline void amx_zero(int tile)
{
    amx_require_tile(tile);
    memset(amx_state.tiles[tile], 0, sizeof amx_state.tiles[tile]);
}

static inline void amx_load(int tile, const void *base, size_t stride)
{
    amx_zero(tile);
    for (int row = 0; row < amx_state.config.rows[tile]; row++)
        memcpy(amx_state.tiles[tile][row], (const char *)base + row * stride, amx_state.config.row_bytes[tile]);
}

static inline void amx_store(int tile, void *base, size_t stride)
{
    amx_require_tile(tile);
    for (int row = 0; row < amx_state.config.rows[tile]; row++)
        memcpy((char *)base + row * stride, amx_state.tiles[tile][row], amx_state.config.row_bytes[tile]);
}

/// Shapes that the products demand: sum M x N, a M x K, b K x N, K and N in groups of four bytes; three different tiles.
static inline void amx_require_shapes(int sum, int a, int b)
{
    const struct amx_config *c = &amx_state.config;
    amx_require_tile(sum), amx_require_tile(a), amx_require_tile(b);
    amx_require(sum != a && sum != b && a != b);
    amx_require(c->row_bytes[sum] % 4 == 0 && c->row_bytes[a] % 4 == 0 && c->row_bytes[b] % 4 == 0);
    amx_require(c->rows[sum] == c->rows[a] && c->row_bytes[a] / 4 == c->rows[b] && c->row_bytes[b] == c->row_bytes[sum]);
}

static inline float amx_bf16(const uint8_t *p)
{
    uint16_t half;
    memcpy(&half, p, 2);
    // Denormal numbers are taken for 0.
    uint32_t bits = (half & 0x7F80) ? (uint32_t)half << 16 : (uint32_t)(half & 0x8000) << 16;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

static inline float amx_flush(float value)
{
    return value > -0x1p-126f && value < 0x1p-126f ? 0 : value;
}

enum amx_kind { AMX_I8, AMX_U8, AMX_BF16 };

static inline void amx_group(uint8_t *sum, const uint8_t *a, const uint8_t *b, enum amx_kind kind, float *odd)
{
    if (kind == AMX_BF16) {
        float even;
        memcpy(&even, sum, 4);
        even = amx_flush(even + amx_bf16(a) * amx_bf16(b));
        memcpy(sum, &even, 4);
        *odd = amx_flush(*odd + amx_bf16(a + 2) * amx_bf16(b + 2));
        return;
    }
    uint32_t total;
    memcpy(&total, sum, 4);
    for (int i = 0; i < 4; i++)
        total += (uint32_t)(kind == AMX_I8 ? (int8_t)a[i] * (int8_t)b[i] : a[i] * b[i]);
    memcpy(sum, &total, 4);
}

static inline void amx_products(int sum, int a, int b, enum amx_kind kind)
{
    amx_require_shapes(sum, a, b);
    const struct amx_config *c = &amx_state.config;
    for (int m = 0; m < c->rows[sum]; m++)
        for (int n = 0; n < c->row_bytes[sum] / 4; n++) {
            uint8_t *total = &amx_state.tiles[sum][m][4 * n];
            float before, even, odd = 0;
            memcpy(&before, total, 4);
            if (kind == AMX_BF16) memset(total, 0, 4);
            for (int k = 0; k < c->row_bytes[a] / 4; k++)
                amx_group(total, &amx_state.tiles[a][m][4 * k], &amx_state.tiles[b][k][4 * n], kind, &odd);
            if (kind != AMX_BF16) continue;
            memcpy(&even, total, 4);
            even = amx_flush(before + amx_flush(even + odd));
            memcpy(total, &even, 4);
        }
}

#define amx_i8_products(sum, a, b) amx_products(sum, a, b, AMX_I8)
#define amx_u8_products(sum, a, b) amx_products(sum, a, b, AMX_U8)
#define amx_bf16_products(sum, a, b) amx_products(sum, a, b, AMX_BF16)
