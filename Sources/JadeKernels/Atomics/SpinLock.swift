public import CJadeKernels

// A spin lock in one byte or one word of plain memory: 0 is free, 1 is held. For sections of some hundred nanoseconds
// that neither block nor throw; a waiter gives its core away now and then, because the holder may have lost its own.

extension UnsafeMutablePointer where Pointee == UInt8 {
    @inlinable @inline(__always) package func spinTryLock() -> Bool { jade_spin_try_lock_u8(self) }
    @inlinable @inline(__always) package func spinLock() { jade_spin_lock_u8(self) }
    @inlinable @inline(__always) package func spinUnlock() { jade_spin_unlock_u8(self) }
}

extension UnsafeMutablePointer where Pointee == UInt32 {
    @inlinable @inline(__always) package func spinTryLock() -> Bool { jade_spin_try_lock_u32(self) }
    @inlinable @inline(__always) package func spinLock() { jade_spin_lock_u32(self) }
    @inlinable @inline(__always) package func spinUnlock() { jade_spin_unlock_u32(self) }
}

/// Tells the core that it waits in a loop.
@inlinable @inline(__always) package func spinPause() { jade_spin_pause() }

/// Asks for the cache line at `address`; any address is allowed, and none faults.
@inlinable @inline(__always) package func prefetch(_ address: UnsafeRawPointer?) { jade_prefetch(address) }
