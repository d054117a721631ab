#include "CJadeCompression.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* RFC 9659: over HTTP a window has at most 8 MiB, so that whoever reads it knows the memory it takes. */
#define JADE_ZSTD_WINDOW_LOG 23

struct jade_unpacker {
    enum jade_coding coding;
    z_stream gzip;
    int is_between_members;
    ZSTD_DStream *zstd;
};

jade_unpacker *jade_unpacker_create(enum jade_coding coding) {
    jade_unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (!unpacker) return NULL;
    unpacker->coding = coding;
    int ok;
    if (coding == JADE_ZSTD) {
        unpacker->zstd = ZSTD_createDStream();
        ok = unpacker->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(unpacker->zstd, ZSTD_d_windowLogMax, JADE_ZSTD_WINDOW_LOG));
    } else {
        ok = inflateInit2(&unpacker->gzip, 15 + 16) == Z_OK;
    }
    if (ok) return unpacker;
    if (unpacker->zstd) ZSTD_freeDStream(unpacker->zstd);
    free(unpacker);
    return NULL;
}

void jade_unpacker_destroy(jade_unpacker *unpacker) {
    if (!unpacker) return;
    if (unpacker->coding == JADE_ZSTD) ZSTD_freeDStream(unpacker->zstd);
    else inflateEnd(&unpacker->gzip);
    free(unpacker);
}

static enum jade_unpacked run_zstd(
    jade_unpacker *unpacker, const uint8_t *in, size_t in_size, size_t *consumed, uint8_t *out, size_t out_size, size_t *produced) {
    ZSTD_inBuffer source = {in, in_size, 0};
    ZSTD_outBuffer target = {out, out_size, 0};
    size_t hint = ZSTD_decompressStream(unpacker->zstd, &target, &source);
    *consumed = source.pos;
    *produced = target.pos;
    if (ZSTD_isError(hint)) {
        return ZSTD_getErrorCode(hint) == ZSTD_error_memory_allocation ? JADE_UNPACK_MEMORY : JADE_UNPACK_CORRUPT;
    }
    return hint == 0 ? JADE_UNPACK_END : JADE_UNPACK_MORE;
}

static enum jade_unpacked run_gzip(
    jade_unpacker *unpacker, const uint8_t *in, size_t in_size, size_t *consumed, uint8_t *out, size_t out_size, size_t *produced) {
    z_stream *stream = &unpacker->gzip;
    if (unpacker->is_between_members) {
        if (inflateReset(stream) != Z_OK) return JADE_UNPACK_CORRUPT;
        unpacker->is_between_members = 0;
    }
    uInt in_step = in_size > UINT32_MAX ? UINT32_MAX : (uInt)in_size;
    uInt out_step = out_size > UINT32_MAX ? UINT32_MAX : (uInt)out_size;
    stream->next_in = (Bytef *)in;
    stream->avail_in = in_step;
    stream->next_out = out;
    stream->avail_out = out_step;
    int status = inflate(stream, Z_NO_FLUSH);
    *consumed = in_step - stream->avail_in;
    *produced = out_step - stream->avail_out;
    switch (status) {
    case Z_OK:
    case Z_BUF_ERROR: return JADE_UNPACK_MORE;
    case Z_STREAM_END: unpacker->is_between_members = 1; return JADE_UNPACK_END;
    case Z_MEM_ERROR: return JADE_UNPACK_MEMORY;
    default: return JADE_UNPACK_CORRUPT;
    }
}

enum jade_unpacked jade_unpacker_run(
    jade_unpacker *unpacker, const uint8_t *in, size_t in_size, size_t *consumed, uint8_t *out, size_t out_size, size_t *produced) {
    return unpacker->coding == JADE_ZSTD ? run_zstd(unpacker, in, in_size, consumed, out, out_size, produced)
                                         : run_gzip(unpacker, in, in_size, consumed, out, out_size, produced);
}
