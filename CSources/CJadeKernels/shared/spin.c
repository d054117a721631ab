#include "../include/jade_atomics.h"
#include <sched.h>

// After this many looks the holder has probably lost its core.
enum { LOOKS_BEFORE_YIELD = 256 };

static inline void rest(unsigned look)
{
    if (look % LOOKS_BEFORE_YIELD == LOOKS_BEFORE_YIELD - 1)
        sched_yield();
    else
        jade_spin_pause();
}

void jade_spin_wait_u8(uint8_t *p)
{
    for (unsigned look = 0; !jade_spin_try_lock_u8(p); look++) rest(look);
}

void jade_spin_wait_u32(uint32_t *p)
{
    for (unsigned look = 0; !jade_spin_try_lock_u32(p); look++) rest(look);
}
