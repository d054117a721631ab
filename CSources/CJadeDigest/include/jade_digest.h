#ifndef JADE_DIGEST_H
#define JADE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/// SHA-256 (FIPS 180-4), piece by piece: begin, any number of updates, finish. No allocation.
struct jade_sha256 {
    uint32_t state[8];
    /// Bytes so far; those that do not fill a block yet wait in `block`.
    uint64_t length;
    uint8_t block[64];
};

void jade_sha256_begin(struct jade_sha256 *digest);
void jade_sha256_update(struct jade_sha256 *digest, const void *bytes, size_t count);
/// Writes the 32 bytes of the digest; the state is used up.
void jade_sha256_finish(struct jade_sha256 *digest, uint8_t *result);

/// Whether the processor's own SHA instructions do the work.
int jade_sha256_is_accelerated(void);
/// For tests that compare both ways: 0 keeps to portable code from now on, 1 takes what the processor has.
void jade_sha256_allow_acceleration(int allowed);

#endif
