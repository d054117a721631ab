public import CJadeKernels

// Atomic access to plain memory: for structures whose layout a file or a mapped page gives, where the standard library's
// atomics, which own their storage, cannot go. Pointers must be aligned to their type. Every function is inlined into
// the caller: a relaxed or acquire load is one move instruction.

extension UnsafePointer where Pointee == UInt32 {
    @inlinable @inline(__always) package func loadRelaxed() -> UInt32 { jade_load_relaxed_u32(self) }
    @inlinable @inline(__always) package func loadAcquire() -> UInt32 { jade_load_acquire_u32(self) }
}

extension UnsafePointer where Pointee == UInt64 {
    @inlinable @inline(__always) package func loadRelaxed() -> UInt64 { jade_load_relaxed_u64(self) }
    @inlinable @inline(__always) package func loadAcquire() -> UInt64 { jade_load_acquire_u64(self) }
}

extension UnsafeMutablePointer where Pointee == UInt32 {
    @inlinable @inline(__always) package func loadRelaxed() -> UInt32 { jade_load_relaxed_u32(self) }
    @inlinable @inline(__always) package func loadAcquire() -> UInt32 { jade_load_acquire_u32(self) }
    @inlinable @inline(__always) package func storeRelaxed(_ value: UInt32) { jade_store_relaxed_u32(self, value) }
    @inlinable @inline(__always) package func storeRelease(_ value: UInt32) { jade_store_release_u32(self, value) }

    /// Adds, and returns what was there before.
    @inlinable @inline(__always) package func fetchAdd(_ value: UInt32) -> UInt32 { jade_fetch_add_u32(self, value) }

    /// Stores `desired` if the value is `expected`; whether it did.
    @inlinable @inline(__always)
    package func compareExchange(expected: UInt32, desired: UInt32) -> Bool {
        jade_compare_exchange_u32(self, expected, desired)
    }
}

extension UnsafeMutablePointer where Pointee == UInt64 {
    @inlinable @inline(__always) package func loadRelaxed() -> UInt64 { jade_load_relaxed_u64(self) }
    @inlinable @inline(__always) package func loadAcquire() -> UInt64 { jade_load_acquire_u64(self) }
    @inlinable @inline(__always) package func storeRelaxed(_ value: UInt64) { jade_store_relaxed_u64(self, value) }
    @inlinable @inline(__always) package func storeRelease(_ value: UInt64) { jade_store_release_u64(self, value) }

    /// Adds, and returns what was there before.
    @inlinable @inline(__always) package func fetchAdd(_ value: UInt64) -> UInt64 { jade_fetch_add_u64(self, value) }

    /// Stores `desired` if the value is `expected`; whether it did.
    @inlinable @inline(__always)
    package func compareExchange(expected: UInt64, desired: UInt64) -> Bool {
        jade_compare_exchange_u64(self, expected, desired)
    }
}
