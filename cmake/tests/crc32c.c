/// Known values, every length against the definition, and pieces.
#include "check.h"

static uint32_t bitwise(const uint8_t *bytes, size_t count)
{
    uint32_t crc = ~0u;
    for (size_t i = 0; i < count; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
    }
    return ~crc;
}

static void check_level(const struct jade_kernels *kernels)
{
    CHECK(kernels->crc32c_update(0, "123456789", 9) == 0xE3069283u, "check value");
    CHECK(kernels->crc32c_update(0, NULL, 0) == 0, "nothing");
    const size_t size = 7000;
    uint8_t *bytes = guarded(size);
    for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)random_u64();
    for (size_t count = 0; count < size; count += count < 100 ? 1 : 97) {
        const uint8_t *start = bytes + size - count;
        size_t cut = count ? random_u64() % count : 0;
        uint32_t whole = kernels->crc32c_update(0, start, count);
        uint32_t pieces = kernels->crc32c_update(kernels->crc32c_update(0, start, cut), start + cut, count - cut);
        CHECK(whole == bitwise(start, count), "%zu bytes", count);
        CHECK(whole == pieces, "%zu bytes cut at %zu", count, cut);
    }
}

int main(void)
{
    for_each_level(check_level);
}
