package import JadeCore
package import JadeIO
package import JadeKernels

/// What a shard asks of its index. Ordinals are the slot numbers of rows in the index's ``RowSource``.
///
/// Searches may run on any number of threads, beside insertions of other rows and removals. Insertions and the steps of removals
/// exclude each other.
package protocol VectorIndex: AnyObject, Sendable {
    var settings: IndexSettings { get }
    /// Rows in the index, deleted ones included until they are repaired away.
    var count: Int { get }
    /// Bytes in memory beside the rows.
    var memoryBytes: Int { get }

    /// Adds the rows of a range that `include` admits.
    func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool, progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError)

    /// Adds the rows of a list that `include` admits: slots below the highest row so far that have a new one.
    func build(_ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool) throws(JadeError)

    /// Whether the index holds a row.
    func contains(_ ordinal: UInt32) -> Bool

    /// Rows added and taken out since the index was made or loaded.
    var changes: Int { get }

    /// Begins to take rows out; those it does not hold are passed over. One removal at a time. Nil from an index that keeps what it
    /// has: the slots of its rows are never written again.
    func removal(of ordinals: [UInt32]) -> (any IndexRemoval)?

    /// Called when nothing waits: whatever the index puts off until then. Excludes insertions and removals.
    func settle()

    /// The closest rows that the snapshot sees, closest first, ties by ordinal.
    ///
    /// - Parameters:
    ///   - query: as many components as the rows have, of their element type.
    ///   - effort: how thoroughly.
    ///   - hidden: the share of rows below `limit` that `visibility` is expected to hide; 0 promises that it hides none.
    ///   - limit: rows from this ordinal on are left out: the caller scans them itself.
    func search(
        _ query: UnsafeRawPointer, k: Int, effort: SearchEffort, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor]

    /// Writes the index into a folder of its own; nothing for one that is nowhere but in its rows. Excludes insertions and removals.
    ///
    /// - Parameter isLive: whether a row lives at this sequence number, nil if nobody knows.
    func save(to directory: String, sequence: UInt64, files: any FileSystem, isLive: ((UInt32) -> Bool)?) throws(JadeError)

    /// Lists that a search chooses among.
    var listCount: Int { get }
    /// What the index has learnt; nil where there is nothing to learn.
    var trainingStatus: TrainingStatus? { get }
    /// Bytes that a training would take beside the index for as long as it lasts; nil while none is due.
    var trainingBytes: Int? { get }
    /// Begins to learn from the rows held; nil where there is nothing to learn. One training at a time. Excludes insertions and
    /// removals.
    func training() -> (any IndexTraining)?
}

/// How thoroughly an index is searched.
package struct SearchEffort: Sendable, Hashable {
    /// Candidates that a traversal keeps; at least as many as are wanted.
    package var ef: Int
    /// Lists looked through.
    package var nprobe: Int
    /// Whether what codes find is compared with the rows.
    package var rescore: Bool
    /// How many times the wanted results are.
    package var oversampling: Double

    /// - Parameter settings: for what is not given.
    package init(
        _ settings: IndexSettings, ef: Int? = nil, nprobe: Int? = nil, rescore: Bool? = nil, oversampling: Double? = nil
    ) {
        self.ef = ef ?? settings.efSearch
        self.nprobe = nprobe ?? settings.nprobe
        self.rescore = rescore ?? settings.rescore
        self.oversampling = oversampling ?? settings.oversampling
    }

    /// Candidates by codes for `k` results.
    func candidates(_ k: Int) -> Int { rescore ? max(k, Int((Double(k) * oversampling).rounded(.up))) : k }
}

extension VectorIndex {
    /// A search with the index's own settings, but for `ef`.
    package func search(
        _ query: UnsafeRawPointer, k: Int, ef: Int, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        search(query, k: k, effort: SearchEffort(settings, ef: ef), visibility, hidden: hidden, below: limit)
    }

    package var listCount: Int { 1 }
    package var trainingStatus: TrainingStatus? { nil }
    package var trainingBytes: Int? { nil }
    package func training() -> (any IndexTraining)? { nil }
}

/// What an index needs that keeps what it has: no slot of its rows is ever written again, so no list of slots comes to be built.
extension VectorIndex {
    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {
        throw .internal("\(ordinals.count) reused slots for an index that lets none go")
    }

    package func contains(_ ordinal: UInt32) -> Bool { Int(ordinal) < count }
    package var changes: Int { count }
    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? { nil }
    package func settle() {}
    package func save(to directory: String, sequence: UInt64, files: any FileSystem, isLive: ((UInt32) -> Bool)?) throws(JadeError) {}
}

/// A removal under way. Its rows have to stay readable until it is done and every search that began before has ended.
package protocol IndexRemoval: AnyObject, Sendable {
    /// Goes on for a bounded time; whether it is done.
    func advance(workers: BuildWorkers) -> Bool
}

/// A training under way.
package protocol IndexTraining: AnyObject, Sendable {
    /// Learns, for as long as it takes, beside everything that the index does.
    ///
    /// - Throws: `cancelled` once it was given up.
    func learn(workers: BuildWorkers) throws(JadeError)
    /// After ``learn(workers:)``: sorts a bounded number of rows anew; whether the index works by what was learnt from now on.
    /// Excludes insertions and removals.
    func advance(workers: BuildWorkers) throws(JadeError) -> Bool
    /// Ends it: the index stays as it was.
    func giveUp()
}
