#ifndef JADE_COMPRESSION_H
#define JADE_COMPRESSION_H

#include <stddef.h>
#include <stdint.h>

/* gzip (RFC 1952) by zlib and zstd (RFC 8878) by libzstd, behind one face. */

enum jade_coding { JADE_GZIP = 0, JADE_ZSTD = 1 };

enum jade_unpacked {
    JADE_UNPACK_MORE = 0,    /* needs more input, or more room */
    JADE_UNPACK_END = 1,     /* a whole member or frame ended; another may follow */
    JADE_UNPACK_CORRUPT = 2, /* not of that coding, or damaged */
    JADE_UNPACK_MEMORY = 3
};

typedef struct jade_unpacker jade_unpacker;

/* NULL without memory. */
jade_unpacker *jade_unpacker_create(enum jade_coding coding);
void jade_unpacker_destroy(jade_unpacker *unpacker);

/* Reads from in and writes to out until one of them ends; says how much of each. */
enum jade_unpacked jade_unpacker_run(
    jade_unpacker *unpacker, const uint8_t *in, size_t in_size, size_t *consumed, uint8_t *out, size_t out_size, size_t *produced);

/* Room that packing `size` bytes may take. */
size_t jade_pack_bound(enum jade_coding coding, size_t size);

/* Packs at once and quickly; 0 when it does not fit or there is no memory. */
size_t jade_pack(enum jade_coding coding, const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size);

#endif
