/// Tiles of bytes and of bf16 by AMX. f16 has none: its tiles would have to sum in f16, which loses the digits that the contract
/// promises, or be widened, which is what the other levels do.
#if defined(__x86_64__)
#include "../shared/vec_sapphire.h"
#include "words_avx512.h"
#include "../include/jade_peak.h"
#include "../shared/byte_products.h"
#include "amx.h"
#define STEP_BYTES AMX_ROW_BYTES
#include "groups.h"
#include "names.h"

enum { GROUP_WIDENED = 1 };
#define LINE_BIAS 0

JADE_REGION_BEGIN
/// Tiles belong to a thread and cost little to configure, so every call does.
JADE_INLINE void amx_begin(void)
{
    struct amx_config config = {.palette = 1};
    for (size_t tile = 0; tile < 8; tile++) config.rows[tile] = AMX_ROWS, config.row_bytes[tile] = AMX_ROW_BYTES;
    amx_configure(&config);
}

JADE_INLINE float one_l2sq(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_l2sq_bf16_one_avx512(q, x, d); }
JADE_INLINE float one_ndot(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_ndot_bf16_one_avx512(q, x, d); }
JADE_INLINE float one_dot(const jade_bf16 *q, const jade_bf16 *x, size_t d) { return jade_dot_bf16_one_avx512(q, x, d); }
JADE_REGION_END

#define AMX_PRODUCTS amx_i8_products
#define TILES_KERNEL tiles_i8
#define ELEMENT int8_t
#define TILES_IS_SIGNED true
#include "amx_bytes.h"
#undef AMX_PRODUCTS

#define AMX_PRODUCTS amx_u8_products
#define TILES_KERNEL tiles_u8
#define ELEMENT uint8_t
#define TILES_IS_SIGNED false
#include "amx_bytes.h"
#undef AMX_PRODUCTS

#define AMX_PRODUCTS amx_bf16_products
#define TILES_KERNEL tiles_bf16
#define ELEMENT jade_bf16
#define WIDE 2
#define ROWS_DEEP 32
#define TILES_ONE(family) one_##family
#define TILES_ARE_EXACT 0
#define TILES_ARE_FLUSHED true
#include "floats.h"
#include "tiles_amx.h"

#include "amx_peak.h"
#elif !defined(JADE_AMX_MODEL)
#include "../include/jade_peak.h"

uint64_t jade_amx_peak(bool is_bf16, size_t rounds)
{
    (void)is_bf16, (void)rounds;
    return 0;
}
#endif
