/// The value that a code stands for, in plain C.
#pragma once

#include "../include/jade_codes.h"

static inline float code_value(const void *row, uint8_t code)
{
    const struct jade_code_head *head = row;
    return head->offset + head->scale * (float)code;
}
static inline float sq8_value(const void *row, size_t i)
{
    return code_value(row, ((const uint8_t *)row + sizeof(struct jade_code_head))[i]);
}
static inline float sq4_value(const void *row, size_t i)
{
    uint8_t both = ((const uint8_t *)row + sizeof(struct jade_code_head))[i / 2];
    return code_value(row, i % 2 ? both >> 4 : both & 15);
}
