#include "CJadeCompression.h"

#include <string.h>
#include <zlib.h>
#include <zstd.h>

/* 15 bits of window, and 16 that ask for gzip's head instead of zlib's. */
#define JADE_GZIP_WINDOW (15 + 16)
#define JADE_GZIP_LEVEL 3
#define JADE_ZSTD_LEVEL 3

size_t jade_pack_bound(enum jade_coding coding, size_t size) {
    /* zlib's bound is for its own head: gzip's is at most 18 bytes longer. */
    return coding == JADE_ZSTD ? ZSTD_compressBound(size) : compressBound(size) + 18;
}

size_t jade_pack(enum jade_coding coding, const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size) {
    if (coding == JADE_ZSTD) {
        size_t size = ZSTD_compress(out, out_size, in, in_size, JADE_ZSTD_LEVEL);
        return ZSTD_isError(size) ? 0 : size;
    }
    if (in_size > UINT32_MAX || out_size > UINT32_MAX) return 0;
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    if (deflateInit2(&stream, JADE_GZIP_LEVEL, Z_DEFLATED, JADE_GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (Bytef *)in;
    stream.avail_in = (uInt)in_size;
    stream.next_out = out;
    stream.avail_out = (uInt)out_size;
    int status = deflate(&stream, Z_FINISH);
    size_t size = out_size - stream.avail_out;
    deflateEnd(&stream);
    return status == Z_STREAM_END ? size : 0;
}
