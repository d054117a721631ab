/// Three streams at once over a block of 3 * LENGTH bytes, for processors whose crc instruction can start every cycle but
/// takes three.
///
/// A checksum followed by n zero bytes is its product with x^(8n) modulo the polynomial. `merge` multiplies without
/// carries by x^(8n-33): the product of two reflected 32-bit values comes out shifted by one bit, and reducing it
/// with the 64-bit crc instruction multiplies by x^32. So the first stream moves over two lengths, the second over one.
#pragma once

#include "../shared/target.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { SHORT_STREAM = 128, LONG_STREAM = 1024 };

/// x^(16n-33) and x^(8n-33), reflected, for the two lengths.
static const uint32_t short_shifts[2] = {0xB9E02B86u, 0x0D3B6092u};
static const uint32_t long_shifts[2] = {0xA51B6135u, 0x170076FAu};

JADE_REGION_BEGIN
JADE_INLINE uint64_t eight_at(const uint8_t *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/// Runs as many blocks of three streams as there are; moves `*bytes` and `*count` behind them.
JADE_INLINE uint32_t crc_streams(uint32_t crc, const uint8_t **bytes, size_t *count, const size_t length,
                                 const uint32_t *shifts)
{
    const uint8_t *p = *bytes;
    for (; *count >= 3 * length; *count -= 3 * length, p += 3 * length) {
        uint64_t first = crc, second = 0, third = 0;
        for (size_t i = 0; i < length; i += 8) {
            first = crc_eight(first, eight_at(p + i));
            second = crc_eight(second, eight_at(p + length + i));
            third = crc_eight(third, eight_at(p + 2 * length + i));
        }
        uint64_t moved = crc_multiply(first, shifts[0]) ^ crc_multiply(second, shifts[1]);
        crc = (uint32_t)(crc_eight(0, moved) ^ third);
    }
    *bytes = p;
    return crc;
}

JADE_INLINE uint32_t crc_all(uint32_t crc, const void *bytes, size_t count)
{
    const uint8_t *p = bytes;
    crc = ~crc;
    crc = crc_streams(crc, &p, &count, LONG_STREAM, long_shifts);
    crc = crc_streams(crc, &p, &count, SHORT_STREAM, short_shifts);
    for (; count >= 8; count -= 8, p += 8) crc = (uint32_t)crc_eight(crc, eight_at(p));
    for (; count > 0; count--, p++) crc = crc_byte(crc, *p);
    return ~crc;
}
JADE_REGION_END
