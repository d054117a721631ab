internal import JadeCore
internal import JadeIO
internal import JadeQuantization
internal import Synchronization

/// The scratch memory of one traversal, reused from search to search so that the search itself allocates nothing.
///
/// What a search changes from node to node is not watched for overlapping accesses, as in ``ListContext``.
///
/// `@unchecked Sendable`: a context is checked out of ``SearchContextPool`` by one thread at a time.
final class SearchContext: @unchecked Sendable {
    @exclusivity(unchecked) var visited = VisitedSet()
    @exclusivity(unchecked) var pool = CandidatePool()
    @exclusivity(unchecked) var results = CandidatePool()
    @exclusivity(unchecked) var frontier = CandidateHeap()
    let ordinals: UnsafeMutablePointer<UInt32>
    let distances: UnsafeMutablePointer<Float>
    /// The query as codes of traversals are compared with it.
    private(set) lazy var prepared = PreparedQuery()

    /// Memory for a vector, and for two probes; see ``NodeDistance``.
    let scratch: UnsafeMutablePointer<Float>
    let outerProbe: UnsafeMutableRawPointer
    let innerProbe: UnsafeMutableRawPointer

    /// Rows scored by one kernel call at most.
    static let blockCapacity = 512

    /// - Parameter dimension: of the vectors that probes are made of; 0 for none.
    init(dimension: Int) {
        let bytes = (dimension * 4 + 64).roundedUp(to: 64)
        scratch = .allocate(capacity: dimension + 1)
        outerProbe = .allocate(byteCount: bytes, alignment: 64)
        innerProbe = .allocate(byteCount: bytes, alignment: 64)
        ordinals = .allocate(capacity: Self.blockCapacity)
        distances = .allocate(capacity: Self.blockCapacity)
    }

    deinit {
        scratch.deallocate()
        outerProbe.deallocate()
        innerProbe.deallocate()
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
    private let dimension: Int

    init(dimension: Int = 0) { self.dimension = dimension }

    /// Runs `body` with a context of its own: one lock before, one after.
    @inline(__always)
    func withContext<Result>(_ body: (SearchContext) throws -> Result) rethrows -> Result {
        let context = idle.withLock { $0.popLast() } ?? SearchContext(dimension: dimension)
        defer { idle.withLock { $0.append(context) } }
        return try body(context)
    }
}
