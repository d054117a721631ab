/// Rows of scalar quantization, types sq8 and sq4: a head, then one code a component, which stands for offset + scale * code.
/// With codes of 4 bits, component i is in byte i / 2, in its lower half if i is even.
#pragma once

#include "jade_base.h"

struct jade_code_head {
    float scale;
    float offset;
};

/// Bytes of a row; rows need the alignment of f32.
static inline size_t jade_sq8_bytes(size_t dimension) { return sizeof(struct jade_code_head) + dimension; }
static inline size_t jade_sq4_bytes(size_t dimension) { return sizeof(struct jade_code_head) + (dimension + 1) / 2; }
