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
    let context: Shard.Context
    private let queue: DispatchQueue
    private let waiting = Mutex(Queue())

    /// Rows that died and whose metadata older reads may still want, oldest first.
    var dead: [(ordinal: UInt32, sequence: UInt64)] = []
    var groupsSinceCheckpoint = 0
    var lastCheckpoint: UInt64
    var unsyncedSince: UInt64?
    /// Changes of the index up to its last save.
    var savedChanges: Int

    init(
        storage: HybridDatabasePersistence, facts: RowFacts, rows: RowSource, snapshots: Snapshots,
        attributes: AttributeIndexHolder, builder: IndexBuilder, index: any VectorIndex,
        context: Shard.Context
    ) {
        self.storage = storage
        self.facts = facts
        self.rows = rows
        self.snapshots = snapshots
        self.attributes = attributes
        self.builder = builder
        self.index = index
        self.context = context
        queue = DispatchQueue(label: "jade.writer.\(context.name)")
        lastCheckpoint = context.clock.monotonicNanoseconds
        // What is in the index already is as it was saved, except after a crash.
        savedChanges = storage.wasRecovered ? -1 : index.changes
        dead = Self.deadRows(storage)
    }

    /// Dead rows whose slots are not free: nobody remembers how far they had come.
    private static func deadRows(_ storage: HybridDatabasePersistence) -> [(ordinal: UInt32, sequence: UInt64)] {
        let free = Set(storage.freeSlots)
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
        queue.async { self.performDueWork() }
    }

    private func drain() {
        while let group = nextGroup() { commit(group) }
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

    private func commit(_ offered: [WriteRequest]) {
        let requests = offered.filter(admit)
        var slots: [UInt32] = []
        do throws(JadeError) {
            slots = try storage.takeFreeSlots(atMost: requests.reduce(0) { $0 + $1.newRows })
            var group = try resolve(requests, slots)
            if !group.batches.isEmpty {
                try storage.commit(group.batches.map(\.record))
                slots = []
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
        try storage.reserve(rows: rowEnd + newRows)
        try facts.reserve(rows: rowEnd + newRows)
        let ids = requests.flatMap(\.ids)
        let ordinals = try storage.metadata.writerLookup(ids)
        var group = ResolvedGroup(
            existing: Dictionary(zip(ids, ordinals), uniquingKeysWith: { first, _ in first }), freeSlots: slots,
            nextOrdinal: UInt32(rowEnd), sequence: storage.lastSequence)
        for request in requests {
            group.add(request) { (ordinal) throws(JadeError) in
                guard let bytes = try self.storage.metadata.metadata(of: [ordinal])[0] else { return [:] }
                return try MetadataJSON.decode(bytes)
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
        for batch in group.batches {
            for operation in batch.record.operations { stamp(operation, at: batch.record.sequence) }
            if let attributes = attributes.current { update(attributes, batch) }
        }
        let rowEnd = storage.rowEnd
        let sequence = storage.lastSequence
        let change = group.newRows - group.died
        let reused = context.settings.kind == .flat ? [] : group.reusedSlots
        snapshots.publish { snapshot in
            snapshot.waiting += reused
            snapshot.sequence = sequence
            snapshot.rowEnd = rowEnd
            snapshot.liveCount += change
            if context.settings.kind == .flat { snapshot.indexedEnd = rowEnd }
        }
        if group.newRows > 0 { builder.start() }
    }

    private func stamp(_ operation: ShardOperation, at sequence: UInt64) {
        switch operation {
        case .upsert(let ordinal, let replaced, _, _, _):
            facts.scales?[Int(ordinal)] = RowSource.scale(
                of: rows.row(ordinal), dimension: rows.dimension, kernels: context.kernels)
            facts.markBorn(ordinal, at: sequence)
            if let replaced { kill(replaced, at: sequence) }
        case .delete(let ordinal, _): kill(ordinal, at: sequence)
        case .setMetadata: break
        }
    }

    private func kill(_ ordinal: UInt32, at sequence: UInt64) {
        facts.markDead(ordinal, at: sequence)
        dead.append((ordinal, sequence))
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
            case .delete: break
            }
        }
    }

    private func afterGroup() {
        groupsSinceCheckpoint += 1
        if unsyncedSince == nil { unsyncedSince = context.clock.monotonicNanoseconds }
        if groupsSinceCheckpoint >= context.configuration.checkpointTransactions { checkpoint() }
        slowDown()
    }

    /// Gives the index time when too many rows wait for it, a little at a time: writes go on, only slower.
    private func slowDown() {
        let limit = max(context.configuration.maximumTailBytes / rows.stride, 1)
        guard context.settings.kind != .flat, builder.pending > limit else { return }
        builder.waitForProgress(milliseconds: 200)
    }
}
