internal import JadeKernels
internal import JadeQuantization
internal import Synchronization

/// The scratch memory of one search through lists, reused from search to search so that the search itself allocates nothing.
///
/// What a search changes row by row is not watched for overlapping accesses: that took a twentieth of a search.
///
/// `@unchecked Sendable`: a context is checked out of ``ListContextPool`` by one thread at a time.
final class ListContext: @unchecked Sendable {
    /// The query as the centroids' codes are compared with it.
    let ranked = PreparedQuery()
    /// The query as scalar codes are compared with it.
    let prepared = PreparedQuery()
    /// Lists, nearest first.
    @exclusivity(unchecked) var probes = CandidatePool(allocated: 64)
    /// Rows by what their codes say.
    @exclusivity(unchecked) var candidates = CandidateReservoir()
    /// Rows by their distance.
    @exclusivity(unchecked) var results = CandidatePool(allocated: 64)
    /// Distances of all lists.
    private(set) var listDistances: UnsafeMutablePointer<Float>
    private var listCapacity = 1
    /// Of one block of entries.
    let ordinals: UnsafeMutablePointer<UInt32>
    let distances: UnsafeMutablePointer<Float>
    let bounds: UnsafeMutablePointer<Float>
    let passing: UnsafeMutablePointer<UInt64>
    /// Floats of a query: tables, or what was rotated.
    private(set) var floats: UnsafeMutablePointer<Float>
    private var floatCapacity = 1
    @exclusivity(unchecked) var tables: FastScanTables?
    private var tablesSubspaces = -1
    @exclusivity(unchecked) var binary: RaBitQQuery?
    private var binaryShape: (code: RaBitQCode, dimension: Int) = (.rabitq1, -1)

    /// Entries scored by one kernel call at most.
    static let blockCapacity = 512

    init() {
        listDistances = .allocate(capacity: 1)
        floats = .allocate(capacity: 1)
        ordinals = .allocate(capacity: Self.blockCapacity)
        distances = .allocate(capacity: Self.blockCapacity)
        bounds = .allocate(capacity: Self.blockCapacity)
        passing = .allocate(capacity: Self.blockCapacity)
    }

    deinit {
        probes.deallocate()
        candidates.deallocate()
        results.deallocate()
        listDistances.deallocate()
        ordinals.deallocate()
        distances.deallocate()
        bounds.deallocate()
        passing.deallocate()
        floats.deallocate()
    }

    func reserve(lists: Int) {
        guard lists > listCapacity else { return }
        listDistances.deallocate()
        listCapacity = lists
        listDistances = .allocate(capacity: lists)
    }

    func reserve(floats count: Int) {
        guard count > floatCapacity else { return }
        floats.deallocate()
        floatCapacity = count
        floats = .allocate(capacity: count)
    }

    func reserveTables(subspaces: Int, kernels: Kernels) {
        guard subspaces != tablesSubspaces else { return }
        tablesSubspaces = subspaces
        tables = FastScanTables(count: 1, subspaces: subspaces, kernels: kernels)
    }

    func reserveBinary(_ code: RaBitQCode, dimension: Int, kernels: Kernels) {
        guard binaryShape.code != code || binaryShape.dimension != dimension else { return }
        binaryShape = (code, dimension)
        binary = RaBitQQuery(code, dimension: dimension, kernels: kernels)
    }
}

/// Contexts that wait for their next search.
final class ListContextPool: Sendable {
    private let idle = Mutex<[ListContext]>([])

    /// Runs `body` with a context of its own: one lock before, one after.
    func withContext<Result>(_ body: (ListContext) throws -> Result) rethrows -> Result {
        let context = take()
        defer { give(context) }
        return try body(context)
    }

    func take() -> ListContext { idle.withLock { $0.popLast() } ?? ListContext() }
    func give(_ context: ListContext) { idle.withLock { $0.append(context) } }
}
