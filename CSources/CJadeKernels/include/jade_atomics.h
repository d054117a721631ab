/// Atomic access to plain memory, for structures whose layout is given by a file or shared with mapped pages, and the
/// prefetch hint. All are inlined into Swift. Pointers must have the alignment of their type.
#pragma once

#include "jade_base.h"

#define JADE_ALWAYS static inline __attribute__((always_inline))

JADE_ALWAYS uint32_t jade_load_relaxed_u32(const uint32_t *JADE_NONNULL p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
JADE_ALWAYS uint32_t jade_load_acquire_u32(const uint32_t *JADE_NONNULL p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
JADE_ALWAYS void jade_store_relaxed_u32(uint32_t *JADE_NONNULL p, uint32_t v) { __atomic_store_n(p, v, __ATOMIC_RELAXED); }
JADE_ALWAYS void jade_store_release_u32(uint32_t *JADE_NONNULL p, uint32_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }

JADE_ALWAYS uint64_t jade_load_relaxed_u64(const uint64_t *JADE_NONNULL p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }
JADE_ALWAYS uint64_t jade_load_acquire_u64(const uint64_t *JADE_NONNULL p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }
JADE_ALWAYS void jade_store_relaxed_u64(uint64_t *JADE_NONNULL p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELAXED); }
JADE_ALWAYS void jade_store_release_u64(uint64_t *JADE_NONNULL p, uint64_t v) { __atomic_store_n(p, v, __ATOMIC_RELEASE); }

/// Both return what was there before and order everything around them.
JADE_ALWAYS uint32_t jade_fetch_add_u32(uint32_t *JADE_NONNULL p, uint32_t v) { return __atomic_fetch_add(p, v, __ATOMIC_ACQ_REL); }
JADE_ALWAYS uint64_t jade_fetch_add_u64(uint64_t *JADE_NONNULL p, uint64_t v) { return __atomic_fetch_add(p, v, __ATOMIC_ACQ_REL); }

/// Sets `*p` to `desired` if it is `expected`; whether it did.
JADE_ALWAYS bool jade_compare_exchange_u32(uint32_t *JADE_NONNULL p, uint32_t expected, uint32_t desired)
{
    return __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}
JADE_ALWAYS bool jade_compare_exchange_u64(uint64_t *JADE_NONNULL p, uint64_t expected, uint64_t desired)
{
    return __atomic_compare_exchange_n(p, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/// Tells the core that it spins.
JADE_ALWAYS void jade_spin_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb" ::: "memory");
#endif
}

// Spin locks of one word or one byte: 0 is free, 1 is held. For sections of some hundred nanoseconds that never block;
// waiters only read until the lock looks free, so that they do not steal the cache line from the holder.
JADE_ALWAYS bool jade_spin_try_lock_u8(uint8_t *JADE_NONNULL p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED) == 0 && __atomic_exchange_n(p, (uint8_t)1, __ATOMIC_ACQUIRE) == 0;
}
JADE_ALWAYS bool jade_spin_try_lock_u32(uint32_t *JADE_NONNULL p)
{
    return __atomic_load_n(p, __ATOMIC_RELAXED) == 0 && __atomic_exchange_n(p, 1u, __ATOMIC_ACQUIRE) == 0;
}
JADE_ALWAYS void jade_spin_unlock_u8(uint8_t *JADE_NONNULL p) { __atomic_store_n(p, (uint8_t)0, __ATOMIC_RELEASE); }
JADE_ALWAYS void jade_spin_unlock_u32(uint32_t *JADE_NONNULL p) { __atomic_store_n(p, 0u, __ATOMIC_RELEASE); }

/// Waits for a lock that was just found taken: pauses at first, then lets other threads run, because the holder may
/// have lost its core.
void jade_spin_wait_u8(uint8_t *JADE_NONNULL p);
void jade_spin_wait_u32(uint32_t *JADE_NONNULL p);

JADE_ALWAYS void jade_spin_lock_u8(uint8_t *JADE_NONNULL p)
{
    if (!jade_spin_try_lock_u8(p)) jade_spin_wait_u8(p);
}
JADE_ALWAYS void jade_spin_lock_u32(uint32_t *JADE_NONNULL p)
{
    if (!jade_spin_try_lock_u32(p)) jade_spin_wait_u32(p);
}

/// Asks for the cache line at `p`; any address is allowed and none faults.
JADE_ALWAYS void jade_prefetch(const void *JADE_NULLABLE p) { __builtin_prefetch(p, 0, 3); }

#undef JADE_ALWAYS
