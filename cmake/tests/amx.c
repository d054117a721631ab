/// The tiles of AMX over its software model: the same source, on a machine that has only what surrounds the tiles.
#if defined(__x86_64__)
#define JADE_AMX_MODEL
#include "../../CSources/CJadeKernels/tiles/sapphire.c"
#include "tiles_check.h"

#define USE(type)                                                                                                      \
    kernels.tiles_##type##_pack = jade_tiles_##type##_pack_amxmodel;                                                   \
    kernels.tiles_##type##_l2sq = jade_tiles_##type##_l2sq_amxmodel;                                                   \
    kernels.tiles_##type##_ndot = jade_tiles_##type##_ndot_amxmodel;                                                   \
    kernels.tiles_##type##_l2sq_search = jade_tiles_##type##_l2sq_search_amxmodel;                                     \
    kernels.tiles_##type##_ndot_search = jade_tiles_##type##_ndot_search_amxmodel;                                     \
    kernels.tiles_##type##_screen = jade_tiles_##type##_screen_amxmodel;

int main(void)
{
    const struct jade_kernels *level = jade_kernels_for(JADE_LEVEL_avx512vnni);
    if (!level) {
        puts("this machine cannot run what surrounds the tiles");
        return 0;
    }
    struct jade_kernels kernels = *level;
    USE(i8)
    USE(u8)
    USE(bf16)
    check_level(&kernels);
    CHECK(amx_peak(false, 3) == 3 * 4 * 16 * 16 * 64 && amx_peak(true, 2) == 2 * 4 * 16 * 16 * 32, "the peak counts wrongly");
    CHECK((jade_amx_peak(false, 1) > 0) == (jade_kernels_for(JADE_LEVEL_sapphire) != NULL), "a peak without the level");
}
#else
int main(void) { return 0; }
#endif
