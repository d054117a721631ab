// The parser's face: simdjson's DOM interface as far as 1.0, 3.0 and 3.6 agree on it. simdjson's own functions are
// noexcept and allocate with nothrow new; what is allocated here is too.
#include "CJadeJSON.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>

using simdjson::error_code;

struct jade_json_parser {
    explicit jade_json_parser(size_t maximum_bytes, size_t maximum_depth)
        : maximum_bytes(maximum_bytes), maximum_depth(maximum_depth) {}

    simdjson::dom::parser parser;
    simdjson::dom::document document;
    std::unique_ptr<uint8_t[]> copy;
    size_t copy_capacity = 0;
    size_t maximum_bytes;
    size_t maximum_depth;
    error_code error = simdjson::SUCCESS;
};

namespace {

constexpr size_t smallest_capacity = 4096;

/// Powers of two, so that documents of slowly growing length do not allocate each time.
size_t rounded_capacity(size_t length, size_t maximum) {
    size_t capacity = smallest_capacity;
    while (capacity < length) capacity *= 2;
    return capacity < maximum || maximum < smallest_capacity ? capacity : maximum;
}

error_code reserve(jade_json_parser &self, size_t length) {
    if (self.parser.capacity() >= length && self.document.capacity() >= length && self.parser.capacity() > 0) {
        return simdjson::SUCCESS;
    }
    size_t capacity = rounded_capacity(length, self.maximum_bytes);
    // simdjson refuses the document whose depth *reaches* its limit; ours is the deepest that is allowed.
    error_code error = self.parser.allocate(capacity, self.maximum_depth + 1);
    return error ? error : self.document.allocate(capacity);
}

/// The document with padding behind it; null when there is no memory.
const uint8_t *padded(jade_json_parser &self, const uint8_t *bytes, size_t length) {
    if (self.copy_capacity < length || !self.copy) {
        size_t capacity = rounded_capacity(length, self.maximum_bytes);
        self.copy_capacity = 0;
        self.copy.reset(new (std::nothrow) uint8_t[capacity + simdjson::SIMDJSON_PADDING]);
        if (!self.copy) return nullptr;
        self.copy_capacity = capacity;
    }
    std::memcpy(self.copy.get(), bytes, length);
    std::memset(self.copy.get() + length, 0, simdjson::SIMDJSON_PADDING);
    return self.copy.get();
}

error_code parse(jade_json_parser &self, const uint8_t *bytes, size_t length, size_t slack) {
    if (length > self.maximum_bytes) return simdjson::CAPACITY;
    if (length == 0) return simdjson::EMPTY;
    if (error_code error = reserve(self, length)) return error;
    if (slack < simdjson::SIMDJSON_PADDING) {
        bytes = padded(self, bytes, length);
        if (!bytes) return simdjson::MEMALLOC;
    }
    return self.parser.parse_into_document(self.document, bytes, length, false).error();
}

}  // namespace

extern "C" {

size_t jade_json_padding(void) { return simdjson::SIMDJSON_PADDING; }

jade_json_parser *jade_json_parser_create(size_t maximum_bytes, size_t maximum_depth) {
    size_t longest = simdjson::SIMDJSON_MAXSIZE_BYTES;
    return new (std::nothrow) jade_json_parser(maximum_bytes < longest ? maximum_bytes : longest, maximum_depth);
}

void jade_json_parser_destroy(jade_json_parser *parser) { delete parser; }

size_t jade_json_parser_capacity(const jade_json_parser *parser) { return parser->document.capacity(); }

jade_json_status jade_json_parse(jade_json_parser *parser, const uint8_t *bytes, size_t length, size_t slack) {
    parser->error = parse(*parser, bytes, length, slack);
    switch (parser->error) {
    case simdjson::SUCCESS: return JADE_JSON_OK;
    case simdjson::CAPACITY: return JADE_JSON_TOO_LONG;
    case simdjson::MEMALLOC: return JADE_JSON_OUT_OF_MEMORY;
    default: return JADE_JSON_MALFORMED;
    }
}

const char *jade_json_message(const jade_json_parser *parser) { return simdjson::error_message(parser->error); }

const uint64_t *jade_json_tape(const jade_json_parser *parser) { return parser->document.tape.get(); }

const uint8_t *jade_json_strings(const jade_json_parser *parser) { return parser->document.string_buf.get(); }

}  // extern "C"
