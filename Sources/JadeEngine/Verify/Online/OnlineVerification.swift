internal import JadeAPI
internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage

extension Engine {
    /// The work of a verification: the catalog when all is to be checked, then one database after the other.
    func verify(_ chosen: [Database]?, _ pace: Pace, _ job: Job) throws(JadeError) -> FindingList {
        var findings = FindingList()
        if chosen == nil {
            try job.progress("catalog", 0, 1)
            for line in try catalog.integrity() {
                findings.add(catalogPath, expected: "an integrity check without findings", found: line)
            }
            for database in databases.unavailable {
                findings.add(Finding(database.error, file: directory(of: database.id)))
            }
        }
        for database in chosen ?? databases.all.sorted(by: { $0.current.name < $1.current.name }) {
            var check = OnlineVerification(database, pace, job)
            let result: Result<Void, JadeError>
            do throws(JadeError) { result = .success(try check.run()) } catch { result = .failure(error) }
            // One that was deleted meanwhile has no files any more: that is no damage.
            guard databases.contains(database.id) else { continue }
            try result.get()
            findings.add(contentsOf: check.findings)
        }
        return findings
    }
}

/// Checks the files of one database while it is read and written.
///
/// Everything is looked at as of some moment: rows under a snapshot, which keeps them as they are, and metadata in one
/// transaction, during which no checkpoint is made. What concerns a row that a write has changed meanwhile is left to the
/// next verification.
struct OnlineVerification {
    /// Rows that are looked at under one snapshot.
    private static let chunk = 512
    /// Nodes that are looked at while the graph is kept as it is.
    private static let graphChunk = 8_192

    private let name: String
    private let shard: Shard
    private let job: Job
    private let pace: Pace
    private(set) var findings = FindingList()

    init(_ database: Database, _ pace: Pace, _ job: Job) {
        name = database.current.name
        shard = database.shard
        self.pace = pace
        self.job = job
    }

    mutating func run() throws(JadeError) {
        shard.writer.holdCheckpoints()
        let result: Result<Void, JadeError>
        do throws(JadeError) { result = .success(try checkWhole()) } catch { result = .failure(error) }
        shard.writer.letCheckpointsGo()
        try result.get()
        try checkGraph()
        try checkRows()
    }

    private func progress(_ what: String, _ done: Int, _ total: Int) throws(JadeError) {
        try job.progress("\(name): \(what)", done, total)
    }

    // MARK: what has to stay as it is while it is looked at

    private mutating func checkWhole() throws(JadeError) {
        try progress("manifest", 0, 1)
        findings.add(contentsOf: try shard.writer.performNow { [storage = shard.storage] () throws(JadeError) in
            var found = FindingList()
            storage.checkManifest(&found)
            return found
        })
        try checkIDs()
        try checkLog()
        try checkSavedIndex()
    }

    private mutating func checkLog() throws(JadeError) {
        let (what, job, pace) = ("\(name): log", job, pace)
        var found = FindingList()
        try shard.storage.checkLog(&found) { (done, total, bytes) throws(JadeError) in
            try job.progress(what, done, total)
            pace.spend(bytes)
            try job.requireWanted()
        }
        findings.add(contentsOf: found)
    }

    /// Metadata's own structure, and ids against the rows that live at that moment, in both directions.
    private mutating func checkIDs() throws(JadeError) {
        try progress("metadata", 0, 1)
        let (storage, facts, job) = (shard.storage, shard.facts, job)
        let path = storage.metadata.path
        let found = try shard.snapshots.reading { (first) throws(JadeError) -> FindingList in
            var (found, owners, ids): (FindingList, [UInt32], Int) = (FindingList(), [], 0)
            owners.reserveCapacity(first.liveCount)
            do throws(JadeError) {
                let check = try storage.metadata.check(isCancelled: { job.isCancelled }) { _, ordinal in
                    ids += 1
                    owners.append(ordinal)
                }
                try shard.awaitSequence(check.sequence)
                for line in check.report { found.add(path, expected: "an integrity check without findings", found: line) }
                if check.homeless > 0 { found.add(path, expected: "metadata for every id", found: "\(check.homeless) without") }
                let end = shard.snapshots.current.rowEnd
                let visible = Visibility(stamps: facts.stamps, sequence: check.sequence)
                Self.compare(owners, with: visible, below: end, path, &found)
            } catch {
                if error.code == .cancelled { throw error }
                found.add(Finding(error, file: path))
            }
            return found
        }
        findings.add(contentsOf: found)
    }

    private static func compare(
        _ owners: [UInt32], with visible: Visibility, below end: Int, _ path: String, _ found: inout FindingList
    ) {
        var claimed = [UInt64](repeating: 0, count: (end + 63) / 64)
        for ordinal in owners {
            guard Int(ordinal) < end, visible.contains(ordinal) else {
                found.add(path, expected: "ids of rows that live", found: "ordinal \(ordinal), which does not")
                continue
            }
            let bit: UInt64 = 1 << UInt64(ordinal & 63)
            if claimed[Int(ordinal >> 6)] & bit != 0 { found.add(path, expected: "one id for ordinal \(ordinal)", found: "several") }
            claimed[Int(ordinal >> 6)] |= bit
        }
        for ordinal in 0..<end where claimed[ordinal >> 6] >> UInt64(ordinal & 63) & 1 == 0 && visible.contains(UInt32(ordinal)) {
            found.add(path, expected: "an id for the living row at ordinal \(ordinal)", found: "none")
        }
    }

    /// Checksums, bounds and links of the saved index.
    private mutating func checkSavedIndex() throws(JadeError) {
        guard let directory = shard.storage.indexDirectory else { return }
        try progress("saved index", 0, 1)
        findings.add(contentsOf: SavedIndexCheck(directory, livingSince: nil).findings)
    }

    // MARK: a piece after the other

    /// The links of the graph that searches use. It changes between two pieces: nodes are counted where it has not.
    private mutating func checkGraph() throws(JadeError) {
        guard let graph = shard.index as? HNSWIndex else { return }
        let name = "the graph of \"\(self.name)\" in memory"
        let before = graph.changes
        var (start, nodes) = (0, 0)
        while start < graph.end {
            try progress("graph", start, graph.end)
            let range = start..<start + Self.graphChunk
            let (found, count) = shard.builder.whileQuiet { () -> (FindingList, Int) in
                var found = FindingList()
                let count = graph.checkLinks(of: range, name, &found)
                return (found, count)
            }
            findings.add(contentsOf: found)
            nodes += count
            start = range.upperBound
        }
        findings.add(contentsOf: shard.builder.whileQuiet { [nodes] () -> FindingList in
            var found = FindingList()
            graph.checkEntry(nodes: graph.changes == before ? nodes : nil, name, &found)
            return found
        })
    }

    private mutating func checkRows() throws(JadeError) {
        var start = 0
        while true {
            let end = shard.snapshots.current.rowEnd
            try progress("rows", start, end)
            guard start < end else { return }
            let range = start..<min(end, start + Self.chunk)
            findings.add(contentsOf: try shard.snapshots.reading { (snapshot) throws(JadeError) in try check(range, snapshot) })
            for _ in range {
                pace.spend(shard.storage.rows.stride)
                try job.requireWanted()
            }
            start = range.upperBound
        }
    }

    /// Each row that the snapshot sees: its checksum, that its id leads to it, and that its metadata can be read.
    private func check(_ range: Range<Int>, _ snapshot: Snapshot) throws(JadeError) -> FindingList {
        var found = FindingList()
        var rows: [(id: VectorID, ordinal: UInt32)] = []
        let visible = Visibility(stamps: shard.facts.stamps, sequence: snapshot.sequence)
        for ordinal in range where visible.contains(UInt32(ordinal)) {
            let id = found.trying(shard.storage.rows.path) { () throws(JadeError) in try shard.storage.rows.verifiedID(of: ordinal) }
            if let id { rows.append((id, UInt32(ordinal))) }
        }
        guard !rows.isEmpty else { return found }
        let path = shard.storage.metadata.path
        do throws(JadeError) {
            let metadata = try shard.storage.metadata.metadata(of: rows.map(\.ordinal))
            let ordinals = try shard.storage.metadata.lookup(rows.map(\.id))
            for (index, row) in rows.enumerated() {
                // Looked up later than the snapshot: one that a write has moved or deleted meanwhile is dead once the writer is
                // through with its group.
                if ordinals[index] != row.ordinal {
                    try shard.writer.performNow { () throws(JadeError) in }
                    guard shard.facts.isAlive(row.ordinal) else { continue }
                    let other = ordinals[index].map { "ordinal \($0)" } ?? "nothing"
                    found.add(path, expected: "id \"\(row.id)\" at ordinal \(row.ordinal), where its row stands", found: other)
                }
                check(metadata[index], of: row, path, &found)
            }
        } catch { found.add(Finding(error, file: path)) }
        return found
    }

    private func check(_ metadata: [UInt8]?, of row: (id: VectorID, ordinal: UInt32), _ path: String, _ found: inout FindingList) {
        do throws(JadeError) {
            guard let metadata else {
                if shard.facts.isAlive(row.ordinal) { found.add(path, expected: "metadata of \"\(row.id)\"", found: "none") }
                return
            }
            _ = try MetadataJSON.decode(metadata)
        } catch { found.add(path, expected: "metadata of \"\(row.id)\" at ordinal \(row.ordinal)", found: error.message) }
    }
}

extension Shard {
    /// Returns once reads see everything up to a sequence number that is applied already: between the two the writer only
    /// stamps rows.
    func awaitSequence(_ sequence: UInt64) throws(JadeError) {
        if snapshots.current.sequence >= sequence { return }
        try writer.performNow { () throws(JadeError) in }
    }
}
