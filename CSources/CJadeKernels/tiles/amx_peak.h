/// The loop of `jade_amx_peak`: four sums, so that none waits for the one before. Included by `sapphire.c`.
JADE_REGION_BEGIN
static inline uint64_t amx_peak(bool is_bf16, size_t rounds)
{
    _Alignas(64) static const uint8_t zeroes[AMX_ROWS * AMX_ROW_BYTES];
    const uint64_t group = is_bf16 ? 2 : 4, products = 4 * group * AMX_ROWS * AMX_ROWS * AMX_ROWS;
    amx_begin();
    amx_load(0, zeroes, AMX_ROW_BYTES);
    amx_load(1, zeroes, AMX_ROW_BYTES);
    amx_load(2, zeroes, AMX_ROW_BYTES);
    amx_load(3, zeroes, AMX_ROW_BYTES);
    amx_load(4, zeroes, AMX_ROW_BYTES);
    amx_load(6, zeroes, AMX_ROW_BYTES);
    for (size_t round = 0; round < rounds; round++) {
        if (is_bf16) {
            amx_bf16_products(0, 4, 6);
            amx_bf16_products(1, 4, 6);
            amx_bf16_products(2, 4, 6);
            amx_bf16_products(3, 4, 6);
        } else {
            amx_i8_products(0, 4, 6);
            amx_i8_products(1, 4, 6);
            amx_i8_products(2, 4, 6);
            amx_i8_products(3, 4, 6);
        }
    }
    amx_release();
    return rounds * products;
}

#if !defined(JADE_AMX_MODEL)
uint64_t jade_amx_peak(bool is_bf16, size_t rounds)
{
    return jade_kernels_for(JADE_LEVEL_sapphire) ? amx_peak(is_bf16, rounds) : 0;
}
#endif
JADE_REGION_END
