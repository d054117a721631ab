// Numbers as text, and the search for what a string must escape.
#include "CJadeJSON.h"

#include <charconv>
#include <cstring>

namespace {

/// Adds ".0" where neither a point nor an exponent marks the text as a floating-point number: `1` would read back as an
/// integer, and `-0` as one without a sign.
char *marked_as_floating(char *first, char *last) {
    for (char *at = first; at < last; ++at) {
        if (*at == '.' || *at == 'e') return last;
    }
    *last++ = '.';
    *last++ = '0';
    return last;
}

/// Whether any byte of the word is below `bound` (at most 0x80).
inline uint64_t any_below(uint64_t word, uint64_t bound) {
    const uint64_t ones = 0x0101010101010101u;
    return (word - ones * bound) & ~word & (ones << 7);
}

inline bool must_escape(uint8_t byte) { return byte < 0x20 || byte == '"' || byte == '\\'; }

}  // namespace

extern "C" {

size_t jade_json_write_double(double value, char *out) {
    char *last = std::to_chars(out, out + JADE_JSON_DOUBLE_BYTES - 2, value).ptr;
    return static_cast<size_t>(marked_as_floating(out, last) - out);
}

size_t jade_json_write_floats(const float *values, size_t count, char *out) {
    char *at = out;
    for (size_t i = 0; i < count; ++i) {
        if (i > 0) *at++ = ',';
        char *first = at;
        at = std::to_chars(at, at + JADE_JSON_FLOAT_BYTES, values[i]).ptr;
        // Whole numbers stay short; only the sign of zero needs a point to be kept.
        if (at - first == 2 && first[0] == '-' && first[1] == '0') at = marked_as_floating(first, at);
    }
    return static_cast<size_t>(at - out);
}

size_t jade_json_plain_prefix(const uint8_t *bytes, size_t length) {
    const uint64_t ones = 0x0101010101010101u;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        uint64_t word;
        std::memcpy(&word, bytes + at, 8);
        if (any_below(word, 0x20) | any_below(word ^ (ones * '"'), 1) | any_below(word ^ (ones * '\\'), 1)) break;
    }
    while (at < length && !must_escape(bytes[at])) ++at;
    return at;
}

}  // extern "C"
