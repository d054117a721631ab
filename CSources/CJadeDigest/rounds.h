#ifndef JADE_DIGEST_ROUNDS_H
#define JADE_DIGEST_ROUNDS_H

#include <stddef.h>
#include <stdint.h>

/// Works `blocks` blocks of 64 bytes into the state.
typedef void jade_sha256_compress(uint32_t *state, const uint8_t *bytes, size_t blocks);

jade_sha256_compress jade_sha256_compress_serial;
extern const uint32_t jade_sha256_constants[64];

#if defined(__x86_64__)
jade_sha256_compress jade_sha256_compress_shani;
#endif

#endif
