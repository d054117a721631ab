internal import Dispatch
internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage
internal import Logging
internal import Synchronization

/// The one writer of a shard: takes the writes that wait as a group, makes them durable together, then visible together.
///
/// `@unchecked Sendable`: the variables are touched on `queue` alone.
final class ShardWriter: @unchecked Sendable {
    private struct Queue {
        var requests: [WriteRequest] = []
        var scheduled = false
        var closed = false
        /// What has to be done between two groups.
        var errands: [@Sendable () -> Void] = []
    }

    /// Rows and metadata changes that one group holds at most, unless a single request is larger.
    private static let groupSize = Limits.maximumBatchOperations

    let storage: HybridDatabasePersistence
    let facts: RowFacts
    let rows: RowSource
    let snapshots: Snapshots
    let attributes: AttributeIndexHolder
    let builder: IndexBuilder
    let index: any VectorIndex
    private let versions: RecordVersions
    private let held: ShardMemory
    /// Nil where the metric needs none.
    private let scale: RowScale?
    let context: Shard.Context
    private let queue: DispatchQueue
    private let waiting = Mutex(Queue())

    /// Rows that died and whose metadata older reads may still want, oldest first.
    var dead: [(ordinal: UInt32, sequence: UInt64)] = []
    /// Whether a checkpoint has been completed since rows were last retired: none of their slots is given back before.
    var deathsAreDurable = true
    var groupsSinceCheckpoint = 0
    var lastCheckpoint: UInt64
    var lastCheckpointFailed = false
    /// Readers of the files who need them to stay as the last checkpoint left them.
    var checkpointHolds = 0
    var unsyncedSince: UInt64?
    /// Changes of the index up to its last save.
    var savedChanges: Int
    /// Where the sweep for expired rows goes on.
    var sweepPosition = 0
    private var isSweeping = false

    init(
        storage: HybridDatabasePersistence, facts: RowFacts, rows: RowSource, snapshots: Snapshots,
        attributes: AttributeIndexHolder, builder: IndexBuilder, index: any VectorIndex, versions: RecordVersions,
        held: ShardMemory, context: Shard.Context
    ) {
        self.storage = storage
        self.facts = facts
        self.rows = rows
        self.snapshots = snapshots
        self.attributes = attributes
        self.builder = builder
        self.index = index
        self.versions = versions
        self.held = held
        scale = facts.scales.map { _ in RowScale(rows, kernels: context.kernels) }
        self.context = context
        queue = DispatchQueue(label: "jade.writer.\(context.name)")
        lastCheckpoint = context.clock.monotonicNanoseconds
        // What is in the index already is as it was saved, except after a crash.
        savedChanges = storage.wasRecovered ? -1 : index.changes
        dead = Self.deadRows(storage)
        // Without a checkpoint the next start would replay the same log again.
        if storage.wasRecovered { groupsSinceCheckpoint = 1 }
    }

    /// Dead rows whose slots are not free: nobody remembers how far they had come.
    private static func deadRows(_ storage: HybridDatabasePersistence) -> [(ordinal: UInt32, sequence: UInt64)] {
        var free = Set(storage.freeSlots)
        for slots in storage.hollowSlots { free.formUnion(slots) }
        var dead: [(ordinal: UInt32, sequence: UInt64)] = []
        for ordinal in 0..<UInt32(storage.rowEnd) where !storage.livedAtOpening(ordinal) && !free.contains(ordinal) {
            dead.append((ordinal, 0))
        }
        return dead
    }

    /// Hands a write over; its answer comes once it is durable (as configured) and visible.
    func submit(_ request: WriteRequest) {
        let schedule = waiting.withLock { waiting -> Bool? in
            guard !waiting.closed else { return nil }
            waiting.requests.append(request)
            defer { waiting.scheduled = true }
            return !waiting.scheduled
        }
        guard let schedule else {
            request.answer(.failure(.unavailable("database \"\(context.name)\" is closing")))
            return
        }
        if schedule { queue.async { self.drain() } }
    }

    /// Runs `body` between two groups and waits for it.
    func performNow<Value: Sendable>(
        _ body: @escaping @Sendable () throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        let result = queue.sync { () -> Result<Value, JadeError> in
            do throws(JadeError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Has `body` run between two groups, soon.
    func errand(_ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0.errands.append(body) }
        queue.async { self.runErrands() }
    }

    private func runErrands() {
        let errands = waiting.withLock { waiting in
            defer { waiting.errands = [] }
            return waiting.errands
        }
        for errand in errands { errand() }
    }

    /// Refuses further writes, answers those that wait, and leaves the shard so that it opens without recovery.
    func close() {
        waiting.withLock { $0.closed = true }
        queue.sync {
            drain()
            closeStorage()
        }
    }

    /// Refuses further writes and answers those that wait; the files are about to go.
    func abandon() {
        waiting.withLock { $0.closed = true }
        queue.sync { drain() }
    }

    /// Time-driven work: the sync and the checkpoint that are due.
    func tick() {
        queue.async {
            self.performDueWork()
            guard !self.isSweeping else { return }
            self.sweepPosition = 0
            self.sweep()
        }
    }

    /// Step by step, so that writes which wait come in between.
    private func sweep() {
        isSweeping = !waiting.withLock({ $0.closed }) && sweepExpired()
        if isSweeping { queue.async { self.sweep() } }
    }

    /// ``tick()`` that waits until the work is done.
    func performDueWorkNow() { perform { self.performDueWork() } }

    /// Runs `body` between two groups and waits for it.
    func perform(_ body: () -> Void) { queue.sync(execute: body) }

    private func drain() {
        while let group = nextGroup() {
            commit(group)
            runErrands()
        }
    }

    private func nextGroup() -> [WriteRequest]? {
        waiting.withLock { waiting in
            var size = 0
            var count = 0
            for request in waiting.requests {
                guard count == 0 || size + request.size <= Self.groupSize else { break }
                size += request.size
                count += 1
            }
            guard count > 0 else {
                waiting.scheduled = false
                return nil
            }
            defer { waiting.requests.removeFirst(count) }
            return Array(waiting.requests[..<count])
        }
    }

    func commit(_ offered: [WriteRequest]) {
        let requests = offered.filter(admit)
        var slots: [UInt32] = []
        do throws(JadeError) {
            slots = try storage.takeFreeSlots(atMost: requests.reduce(0) { $0 + $1.newRows })
            var group = try resolve(requests, slots)
            if !group.batches.isEmpty {
                if unsyncedSince == nil { unsyncedSince = context.clock.monotonicNanoseconds }
                try storage.commit(group.batches.map(\.record), at: context.clock.wallMilliseconds)
                slots.removeFirst(group.reusedSlots.count)
                publish(&group)
            } else {
                try storage.requireWritable()
            }
            for settled in group.settled { settled.answer(settled.result) }
            for batch in group.batches { batch.answer(.success(batch.result)) }
        } catch {
            for request in requests { request.answer(.failure(error)) }
        }
        giveBack(slots)
        afterGroup()
    }

    /// Gives every write its ordinals, free slots first, and makes room for the new rows, before anything is logged.
    private func resolve(_ requests: [WriteRequest], _ slots: [UInt32]) throws(JadeError) -> ResolvedGroup {
        let rowEnd = storage.rowEnd
        let newRows = requests.reduce(0) { $0 + $1.newRows } - slots.count
        guard rowEnd + newRows <= Limits.maximumVectorsPerShard else {
            throw .resourceExhausted(
                "database \"\(context.name)\" would have \(rowEnd + newRows) rows, the limit is \(Limits.maximumVectorsPerShard)")
        }
        try held.hold(rows: rowEnd + newRows)
        try storage.reserve(rows: rowEnd + newRows)
        try facts.reserve(rows: rowEnd + newRows)
        let ids = requests.flatMap(\.ids)
        let ordinals = try storage.metadata.writerLookup(ids)
        var group = ResolvedGroup(
            existing: Dictionary(zip(ids, ordinals), uniquingKeysWith: { first, _ in first }), freeSlots: slots,
            nextOrdinal: UInt32(rowEnd), sequence: storage.lastSequence,
            moment: max(snapshots.current.moment, context.clock.wallMilliseconds), versions: versions,
            hasExpired: { [facts, moment = snapshots.current.moment] in
                moment != 0 && facts.hasExpired($0, at: moment)
            })
        for request in requests {
            group.add(request) { (ordinal) throws(JadeError) in
                try self.storage.metadata.metadata(of: [ordinal])[0]
            }
        }
        return group
    }

    /// Slots of a group that came to nothing. Where even that fails the shard takes no writes, and opening it finds them again.
    private func giveBack(_ slots: [UInt32]) {
        do throws(JadeError) { try storage.release(slots) } catch { report("give slots back", error) }
    }

    /// Whether the write's metadata stays within the shard's limit of fields; one that does not is refused here.
    private func admit(_ request: WriteRequest) -> Bool {
        guard let attributes = attributes.current, !request.newMetadata.isEmpty else { return true }
        do throws(JadeError) { try attributes.requireRoom(for: request.newMetadata) } catch {
            request.answer(.failure(error))
            return false
        }
        return true
    }

    /// Makes a durable group visible: row facts and attributes first, then in one step the snapshot that shows them.
    private func publish(_ group: inout ResolvedGroup) {
        var (added, removed): ([Int64], [Int64]) = ([], [])
        for batch in group.batches {
            for operation in batch.record.operations {
                let ended = stamp(operation, at: batch.record.sequence)
                if case .setExpiry(_, _, let milliseconds) = operation { added.append(milliseconds) }
                if ended != 0 { removed.append(ended) }
            }
            if let attributes = attributes.current { update(attributes, batch) }
        }
        let rowEnd = storage.rowEnd
        let sequence = storage.lastSequence
        let change = group.newRows - group.died
        let reused = context.settings.kind == .flat ? [] : group.reusedSlots
        snapshots.publish(expiring: added, removed: removed) { snapshot in
            snapshot.waiting += reused
            snapshot.sequence = sequence
            snapshot.rowEnd = rowEnd
            snapshot.storedCount += change
            if context.settings.kind == .flat { snapshot.indexedEnd = rowEnd }
        }
        if group.newRows > 0 { builder.start() }
    }

    /// Writes down what an operation means for rows; when the row would have expired that it ended, 0 for none.
    private func stamp(_ operation: ShardOperation, at sequence: UInt64) -> Int64 {
        switch operation {
        case .upsert(let ordinal, let replaced, _, _, _):
            if let scale { facts.scales?[Int(ordinal)] = scale(rows.address(ordinal)) }
            facts.setExpiry(ordinal, 0)
            facts.markBorn(ordinal, at: sequence)
            return replaced.map { kill($0, at: sequence) } ?? 0
        case .delete(let ordinal, _): return kill(ordinal, at: sequence)
        case .setExpiry(let ordinal, _, let milliseconds): facts.setExpiry(ordinal, milliseconds)
        case .setMetadata: break
        }
        return 0
    }

    private func kill(_ ordinal: UInt32, at sequence: UInt64) -> Int64 {
        facts.markDead(ordinal, at: sequence)
        dead.append((ordinal, sequence))
        return facts.expiries[Int(ordinal)]
    }

    private func update(_ attributes: AttributeIndex, _ batch: ResolvedGroup.Batch) {
        var values = batch.metadata.makeIterator()
        for operation in batch.record.operations {
            switch operation {
            case .upsert:
                if let entry = values.next() { attributes.insert(ordinal: entry.ordinal, metadata: entry.value) }
            case .setMetadata:
                if let entry = values.next() {
                    attributes.replace(ordinal: entry.ordinal, old: entry.old, new: entry.value)
                }
            case .delete, .setExpiry: break
            }
        }
    }

    private func afterGroup() {
        groupsSinceCheckpoint += 1
        checkpointIfDue()
        slowDown()
    }

    /// Gives the index time when too many rows wait for it, a little at a time: writes go on, only slower.
    private func slowDown() {
        let limit = max(context.configuration.maximumTailBytes / rows.stride, 1)
        guard context.settings.kind != .flat, builder.pending > limit else { return }
        builder.waitForProgress(milliseconds: 200)
    }
}
