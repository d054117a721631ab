internal import Synchronization

/// The scratch memory of one traversal, reused from search to search so that the search itself allocates nothing.
///
/// `@unchecked Sendable`: a context is checked out of ``SearchContextPool`` by one thread at a time.
final class SearchContext: @unchecked Sendable {
    var visited = VisitedSet()
    var pool = CandidatePool()
    var results = CandidatePool()
    var frontier = CandidateHeap()
    let ordinals: UnsafeMutablePointer<UInt32>
    let distances: UnsafeMutablePointer<Float>

    /// Rows scored by one kernel call at most.
    static let blockCapacity = 512

    init() {
        ordinals = .allocate(capacity: Self.blockCapacity)
        distances = .allocate(capacity: Self.blockCapacity)
    }

    deinit {
        visited.deallocate()
        pool.deallocate()
        results.deallocate()
        ordinals.deallocate()
        distances.deallocate()
    }
}

/// Contexts that wait for their next search.
final class SearchContextPool: Sendable {
    private let idle = Mutex<[SearchContext]>([])

    /// Runs `body` with a context of its own: one lock before, one after.
    @inline(__always)
    func withContext<Result>(_ body: (SearchContext) throws -> Result) rethrows -> Result {
        let context = idle.withLock { $0.popLast() } ?? SearchContext()
        defer { idle.withLock { $0.append(context) } }
        return try body(context)
    }
}
