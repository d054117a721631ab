/// The instructions of AMX that tiles use. With JADE_AMX_MODEL they are plain C over eight tiles in memory, which checks what the
/// processor would fault on: for tests on machines without AMX.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// What `ldtilecfg` reads: palette 1 has eight tiles of at most 16 rows of 64 bytes.
struct amx_config {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};
enum { AMX_ROWS = 16, AMX_ROW_BYTES = 64 };

#if defined(JADE_AMX_MODEL)
#include "amx_model.h"
#else
#define amx_configure(config) _tile_loadconfig(config)
#define amx_release() _tile_release()
#define amx_zero(tile) _tile_zero(tile)
#define amx_load(tile, base, stride) _tile_loadd(tile, base, stride)
#define amx_store(tile, base, stride) _tile_stored(tile, base, stride)
/// Sums of i32 over products of signed or unsigned bytes, and of f32 over products of bf16: sum += a * b.
#define amx_i8_products(sum, a, b) _tile_dpbssd(sum, a, b)
#define amx_u8_products(sum, a, b) _tile_dpbuud(sum, a, b)
#define amx_bf16_products(sum, a, b) _tile_dpbf16ps(sum, a, b)
#endif
