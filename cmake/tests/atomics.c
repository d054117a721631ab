/// Counters and locks between threads; meant for the thread sanitizer too.
#include "check.h"
#include <pthread.h>

enum { THREADS = 4, TURNS = 20000 };
static uint32_t word, word_lock;
static uint64_t added, swapped;
static uint8_t byte_lock;
static size_t under_byte, under_word;

static void *work(void *unused)
{
    for (int turn = 0; turn < TURNS; turn++) {
        jade_fetch_add_u32(&word, 1);
        jade_fetch_add_u64(&added, 2);
        uint64_t seen;
        do seen = jade_load_acquire_u64(&swapped);
        while (!jade_compare_exchange_u64(&swapped, seen, seen + 3));
        jade_spin_lock_u8(&byte_lock);
        under_byte++;
        jade_spin_unlock_u8(&byte_lock);
        jade_spin_lock_u32(&word_lock);
        under_word++;
        jade_spin_unlock_u32(&word_lock);
    }
    return unused;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&threads[i], NULL, work, NULL) == 0, "no thread");
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    CHECK(jade_load_acquire_u32(&word) == THREADS * TURNS, "%u", word);
    CHECK(added == 2 * THREADS * TURNS && swapped == 3 * THREADS * TURNS, "a 64-bit change was lost");
    CHECK(under_byte == THREADS * TURNS && under_word == THREADS * TURNS, "a lock let two in");
}
