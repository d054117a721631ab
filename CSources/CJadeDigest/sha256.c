// Blocks, padding and the choice between portable code and the processor's instructions.
#include "jade_digest.h"

#include <stdatomic.h>
#include <string.h>

#include "rounds.h"

#if defined(__x86_64__)
#include <cpuid.h>

/// CPUID leaf 7 names SHA, leaf 1 SSSE3 and SSE4.1, which the same code uses. All work on registers that every system saves.
static int has_instructions(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 9) || !(c & 1u << 19)) return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29);
}
#endif

/// 0: not looked yet, 1: portable, 2: accelerated. Racing lookers find the same.
static _Atomic int choice;

static int chosen(void) {
    int found = atomic_load_explicit(&choice, memory_order_relaxed);
    if (found) return found;
    jade_sha256_allow_acceleration(1);
    return atomic_load_explicit(&choice, memory_order_relaxed);
}

void jade_sha256_allow_acceleration(int allowed) {
    int found = 1;
#if defined(__x86_64__)
    if (allowed && has_instructions()) found = 2;
#endif
    atomic_store_explicit(&choice, found, memory_order_relaxed);
}

int jade_sha256_is_accelerated(void) { return chosen() == 2; }

static void compress(uint32_t *state, const uint8_t *bytes, size_t blocks) {
#if defined(__x86_64__)
    if (chosen() == 2) {
        jade_sha256_compress_shani(state, bytes, blocks);
        return;
    }
#endif
    jade_sha256_compress_serial(state, bytes, blocks);
}

void jade_sha256_begin(struct jade_sha256 *digest) {
    static const uint32_t initial[8] = {
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    };
    memcpy(digest->state, initial, sizeof initial);
    digest->length = 0;
}

void jade_sha256_update(struct jade_sha256 *digest, const void *bytes, size_t count) {
    if (count == 0) return;
    const uint8_t *next = bytes;
    size_t filled = digest->length & 63;
    digest->length += count;
    if (filled) {
        size_t taken = count < 64 - filled ? count : 64 - filled;
        memcpy(digest->block + filled, next, taken);
        if (filled + taken < 64) return;
        compress(digest->state, digest->block, 1);
        next += taken;
        count -= taken;
    }
    compress(digest->state, next, count / 64);
    memcpy(digest->block, next + count / 64 * 64, count & 63);
}

void jade_sha256_finish(struct jade_sha256 *digest, uint8_t *result) {
    uint64_t bits = digest->length * 8;
    size_t filled = digest->length & 63;
    uint8_t padding[72] = {0x80};
    // One bit, zeros up to 8 bytes before a block's end, the length in bits.
    size_t zeros = (filled < 56 ? 56 : 120) - filled;
    for (int i = 0; i < 8; i++) padding[zeros + i] = (uint8_t)(bits >> (56 - 8 * i));
    jade_sha256_update(digest, padding, zeros + 8);
    for (int i = 0; i < 32; i++) result[i] = (uint8_t)(digest->state[i / 4] >> (24 - 8 * (i % 4)));
}
