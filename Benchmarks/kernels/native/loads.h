// Loops that only load, for vectors of WIDTH bytes: the least that a kernel of that width has to do. Included once a width.
// Every operand is read with as few loads as its length allows, the last one reaching beyond it if need be.

typedef uint8_t JB(vector) __attribute__((vector_size(WIDTH), aligned(1), may_alias));
typedef uint8_t JB(word) __attribute__((vector_size(WIDTH)));

JB_TARGET static inline __attribute__((always_inline)) void JB(load)(const uint8_t *from, size_t bytes, JB(word) *sums)
{
    const size_t loads = (bytes + WIDTH - 1) / WIDTH;
    size_t at = 0;
    for (; at + 8 <= loads; at += 8)
        for (size_t lane = 0; lane < 8; lane++) sums[lane] |= *(const JB(vector) *)(from + (at + lane) * WIDTH);
    if (at + 4 <= loads) {
        for (size_t lane = 0; lane < 4; lane++) sums[lane] |= *(const JB(vector) *)(from + (at + lane) * WIDTH);
        at += 4;
    }
    if (at + 2 <= loads) {
        for (size_t lane = 0; lane < 2; lane++) sums[lane + 4] |= *(const JB(vector) *)(from + (at + lane) * WIDTH);
        at += 2;
    }
    if (at < loads) sums[6] |= *(const JB(vector) *)(from + at * WIDTH);
}

JB_TARGET static void JB(finish)(JB(word) *sums)
{
    for (size_t lane = 1; lane < 8; lane++) sums[0] |= sums[lane];
    __asm__ volatile("" ::"x"(sums[0]));
}

JB_TARGET static void JB(load_rows)(const uint8_t *from, size_t bytes, uint32_t ahead)
{
    JB(word) sums[8] = {0};
    const size_t block = 8 * WIDTH;
    size_t at = 0;
    for (; ahead && at + block <= bytes; at += block) {
        for (size_t line = 0; line < block; line += 64) __builtin_prefetch(from + at + ahead + line, 0, 3);
        JB(load)(from + at, block, sums);
    }
    JB(load)(from + at, bytes - at, sums);
    JB(finish)(sums);
}

JB_TARGET static void JB(load_pairs)(const uint8_t *query, size_t query_bytes, const uint8_t *rows, size_t row_bytes,
                                     size_t count, size_t repeats)
{
    JB(word) sums[8] = {0};
    for (size_t repeat = 0; repeat < repeats; repeat++)
        for (size_t row = 0; row < count; row++) {
            JB(load)(query, query_bytes, sums);
            JB(load)(rows + row * row_bytes, row_bytes, sums);
            // The query is loaded anew for every call.
            __asm__ volatile("" ::: "memory");
        }
    JB(finish)(sums);
}

/// Four rows side by side while the four that come `ahead` later are on their way, as many lines of each as are loaded.
JB_TARGET static void JB(load_gather)(const uint8_t *base, size_t row_bytes, const uint32_t *ordinals, size_t count,
                                      uint32_t ahead)
{
    JB(word) sums[8] = {0};
    const size_t block = 4 * WIDTH, heads = ahead + 16;
    for (size_t position = 0; position + 4 <= count; position += 4) {
        const uint32_t *now = ordinals + position, *next = now + ahead;
        // The page of a row that comes later, so that it is known when the row is asked for.
        for (size_t r = 0; r < 4; r++) __builtin_prefetch(base + (size_t)now[heads + r] * row_bytes, 0, 2);
        for (size_t at = 0; at < row_bytes; at += block) {
            const size_t length = row_bytes - at < block ? row_bytes - at : block;
            for (size_t r = 0; r < 4; r++)
                for (size_t line = 0; line < length; line += 64) __builtin_prefetch(base + (size_t)next[r] * row_bytes + at + line, 0, 2);
            for (size_t r = 0; r < 4; r++) JB(load)(base + (size_t)now[r] * row_bytes + at, length, sums);
        }
    }
    JB(finish)(sums);
}

#undef JB
#undef JB_TARGET
#undef WIDTH
