// JSON in and out for Swift: simdjson parses a document to its tape, Swift walks the tape without another call.
// Nothing here throws; no function may be called on one parser by two threads at a time.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A parser that keeps its buffers from one document to the next.
typedef struct jade_json_parser jade_json_parser;

/// What became of a document. Malformed documents are told apart no further here: the versions of simdjson differ in
/// how they name the fault, so the caller looks for it in the text itself.
typedef enum jade_json_status {
    JADE_JSON_OK = 0,
    /// The document is longer than the parser's limit.
    JADE_JSON_TOO_LONG = 1,
    /// Memory for buffers could not be had; the parser can be used again.
    JADE_JSON_OUT_OF_MEMORY = 2,
    /// The document is not JSON, or is nested too deeply.
    JADE_JSON_MALFORMED = 3,
} jade_json_status;

/// Bytes after a document's end that must be readable for it to be parsed in place; their content does not matter.
size_t jade_json_padding(void);

/// A parser for documents of at most `maximum_bytes` bytes and `maximum_depth` levels of arrays and objects (simdjson
/// does not count an empty one, so that may stand a level deeper).
/// NULL when there is no memory. Buffers grow with the documents, to about 14 bytes for each of their bytes.
jade_json_parser *jade_json_parser_create(size_t maximum_bytes, size_t maximum_depth);
void jade_json_parser_destroy(jade_json_parser *parser);

/// Bytes of the longest document that fits the buffers as they are.
size_t jade_json_parser_capacity(const jade_json_parser *parser);

/// Parses `length` bytes. `slack` says how many bytes after them may be read; with less than `jade_json_padding()` the
/// document is copied first. Tape and strings of the document before are overwritten.
jade_json_status jade_json_parse(jade_json_parser *parser, const uint8_t *bytes, size_t length, size_t slack);

/// simdjson's words for the last status.
const char *jade_json_message(const jade_json_parser *parser);

/// The tape of the last document (format: doc/tape.md of simdjson), valid until the next call of `jade_json_parse`.
const uint64_t *jade_json_tape(const jade_json_parser *parser);

/// What the tape's strings point into: length (32 bits), bytes of valid UTF-8, a zero byte.
const uint8_t *jade_json_strings(const jade_json_parser *parser);

/// The most bytes that one written number takes.
enum { JADE_JSON_FLOAT_BYTES = 16, JADE_JSON_DOUBLE_BYTES = 32 };

/// Writes the shortest text that reads back as the same number, always with a point or an exponent, so that it reads
/// back as a floating-point number. `value` must be finite. Returns the bytes written, at most JADE_JSON_DOUBLE_BYTES.
size_t jade_json_write_double(double value, char *out);

/// Writes `count` finite numbers with commas between them, each the shortest that reads back as the same float.
/// `out` has room for `count * (JADE_JSON_FLOAT_BYTES + 1)` bytes. Returns the bytes written.
size_t jade_json_write_floats(const float *values, size_t count, char *out);

/// Bytes before the first that must be escaped in a JSON string (`"`, `\`, below 0x20); `length` when there is none.
size_t jade_json_plain_prefix(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
