// Memory to measure in, and what it is filled with.
#define _GNU_SOURCE
#include "bench.h"
#include "jade_dispatch.h"
#include <string.h>
#include <sys/mman.h>

static const size_t large_page = 2u << 20;

void *jb_memory(size_t bytes)
{
    const size_t size = (bytes + large_page - 1) / large_page * large_page + 2 * large_page;
    uint8_t *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    madvise(start, size, MADV_HUGEPAGE);
    return (void *)(((uintptr_t)start + large_page - 1) / large_page * large_page);
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void fill_block(uint8_t *block, size_t bytes, const char *type)
{
    const struct jade_kernels *kernels = jade_kernels_best();
    uint64_t state = 7;
    for (size_t at = 0; at < bytes; at += 8) {
        const uint64_t word = next_random(&state);
        const float numbers[4] = {(float)(int16_t)word / 32768, (float)(int16_t)(word >> 16) / 32768,
                                  (float)(int16_t)(word >> 32) / 32768, (float)(int16_t)(word >> 48) / 32768};
        if (strcmp(type, "f32") == 0) memcpy(block + at, numbers, 8);
        else if (strcmp(type, "f16") == 0) kernels->f32_to_f16_row(numbers, 4, (jade_f16 *)(block + at));
        else if (strcmp(type, "bf16") == 0) kernels->f32_to_bf16_row(numbers, 4, (jade_bf16 *)(block + at));
        else memcpy(block + at, &word, 8);
    }
}

void jb_fill(void *memory, size_t bytes, const char *type)
{
    const size_t block = bytes < 8u << 20 ? bytes / 8 * 8 : 8u << 20;
    fill_block(memory, block, type);
    for (size_t at = block; at < bytes; at += block)
        memcpy((uint8_t *)memory + at, memory, bytes - at < block ? bytes - at : block);
}

void jb_fill_heads(void *memory, size_t stride_bytes, size_t rows)
{
    const struct jade_code_head head = {.scale = 0.01f, .offset = -1};
    for (size_t row = 0; row < rows; row++) memcpy((uint8_t *)memory + row * stride_bytes, &head, sizeof head);
}

void jb_ordinals(uint32_t *ordinals, size_t count, size_t rows, uint64_t seed)
{
    uint64_t state = seed;
    for (size_t position = 0; position < count; position++)
        ordinals[position] = (uint32_t)(((next_random(&state) >> 32) * (uint64_t)rows) >> 32);
}
