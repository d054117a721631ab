/// The crc32c instructions of ARMv8. One stream: carry-less multiplication is not part of what the level asks for.
#if defined(__aarch64__)
#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include <string.h>

#if defined(__clang__)
#define CRC_TARGET "crc"
#else
#define CRC_TARGET "+crc"
#endif

JADE_TARGET_BEGIN(CRC_TARGET)
uint32_t jade_crc32c_update_neon(uint32_t crc, const void *bytes, size_t count)
{
    const uint8_t *p = bytes;
    crc = ~crc;
    for (; count >= 8; count -= 8, p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
#if defined(__clang__)
        crc = __builtin_arm_crc32cd(crc, word);
#else
        crc = __builtin_aarch64_crc32cx(crc, word);
#endif
    }
    for (; count > 0; count--, p++) {
#if defined(__clang__)
        crc = __builtin_arm_crc32cb(crc, *p);
#else
        crc = __builtin_aarch64_crc32cb(crc, *p);
#endif
    }
    return ~crc;
}
JADE_TARGET_END
#endif
