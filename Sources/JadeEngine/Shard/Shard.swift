internal import JadeCore
internal import JadeIndex
internal import JadeIO
internal import JadeJSON
internal import JadeKernels
internal import JadeMetadata
internal import JadeStorage
internal import Logging
internal import Synchronization

/// One partition of a database on this node: its durable state, its index, and what reads and writes share of both.
///
/// Writes go through ``ShardWriter``, one group after the other; reads run on any thread over a ``Snapshot``; the index is
/// extended by ``IndexBuilder`` behind them.
final class Shard: Sendable {
    /// What every part of a shard needs to know.
    struct Context: Sendable {
        var name: String
        var field: VectorField
        var settings: IndexSettings
        var configuration: EngineConfiguration
        var kernels: Kernels
        var builders: BuildWorkers
        var files: any FileSystem
        var clock: any Clock
        var random: any RandomSource
        var memory: MemoryBudget
        var logger: Logger
    }

    let context: Context
    let held: ShardMemory
    let storage: HybridDatabasePersistence
    let facts: RowFacts
    let rows: RowSource
    let scan: ExactScan
    let codec: ElementCodec
    let versions: RecordVersions
    let index: any VectorIndex
    let calibration = Calibration()
    let snapshots: Snapshots
    let attributes: AttributeIndexHolder
    let builder: IndexBuilder
    let writer: ShardWriter
    /// What opening had to do; nil for a shard that is new or was closed.
    let recovery: StorageStatus.Recovery?

    /// Creates a shard in an empty folder, or opens the one that is there and recovers what its log holds.
    init(directory: String, create: Bool, context: Context) throws(JadeError) {
        self.context = context
        let shape = ShardShape(dimension: context.field.dimension, elementType: context.field.elementType)
        let options = PersistenceOptions(
            syncOnWrite: context.configuration.syncOnWrite, segmentBytes: context.configuration.logSegmentBytes)
        let began = context.clock.monotonicNanoseconds
        storage =
            create
            ? try HybridDatabasePersistence.create(
                in: directory, shape: shape, options: options, random: context.random, files: context.files)
            : try HybridDatabasePersistence.open(in: directory, shape: shape, options: options, files: context.files)
        recovery = Self.recovery(storage, nanoseconds: context.clock.monotonicNanoseconds - began)
        held = ShardMemory(context)
        try held.hold(rows: storage.rowEnd)
        facts = try RowFacts(metric: context.field.metric)
        rows = RowSource(
            base: storage.rows.valuesBase, stride: storage.rows.stride, dimension: context.field.dimension,
            metric: context.field.metric, scales: UnsafePointer(facts.scales),
            elementType: context.field.elementType)
        codec = ElementCodec(context.field.elementType, dimension: context.field.dimension)
        versions = RecordVersions(storage: storage, facts: facts, rows: rows, codec: codec)
        scan = ExactScan(rows: rows, kernels: context.kernels)
        let liveCount = try Self.loadFacts(storage, facts, rows, context)
        let expiries = try Self.loadExpiries(storage, facts)
        let opened = try Self.openIndex(storage, rows, context)
        index = opened.index
        snapshots = Snapshots(
            Snapshot(
                sequence: storage.lastSequence, rowEnd: storage.rowEnd, indexedEnd: opened.indexedEnd,
                waiting: Self.missing(opened.index, storage, below: opened.indexedEnd), storedCount: liveCount),
            expiries: expiries, clock: context.clock)
        attributes = AttributeIndexHolder(empty: storage.rowEnd == 0)
        builder = IndexBuilder(index: index, storage: storage, facts: facts, snapshots: snapshots, context: context)
        writer = ShardWriter(
            storage: storage, facts: facts, rows: rows, snapshots: snapshots, attributes: attributes, builder: builder,
            index: index, versions: versions, held: held, context: context)
        builder.start()
    }

    /// Ends all use of a shard whose database is gone: nothing more is written.
    func abandon() {
        builder.stop()
        writer.abandon()
    }

    /// Ends all use: the index stops growing, everything is synced, and the next opening needs no recovery.
    func close() {
        builder.stop()
        writer.close()
    }

    var status: IndexStatus {
        let snapshot = snapshots.current
        guard context.settings.kind != .flat else { return IndexStatus(settings: context.settings) }
        // Nodes beyond the snapshot's end are in the graph already, but searches still scan their rows.
        let indexed = min(index.count, snapshot.indexedEnd)
        return IndexStatus(
            settings: context.settings, indexed: indexed, pending: snapshot.pending,
            tombstones: max(0, indexed - snapshot.liveCount), memoryBytes: index.memoryBytes, training: index.trainingStatus,
            calibration: calibration.status)
    }

    /// Marks the rows that lived as born before all reads, and brings their scales; how many live.
    private static func loadFacts(
        _ storage: HybridDatabasePersistence, _ facts: RowFacts, _ rows: RowSource, _ context: Context
    ) throws(JadeError) -> Int {
        try facts.reserve(rows: storage.rowEnd)
        var live = 0
        for (word, bits) in storage.liveAtOpening.enumerated() {
            var bits = bits
            live += bits.nonzeroBitCount
            while bits != 0 {
                facts.markBorn(UInt32(word << 6 + bits.trailingZeroBitCount), at: 1)
                bits &= bits &- 1
            }
        }
        guard let scales = facts.scales else { return live }
        // What the last checkpoint knew, and what the log has written since; those of dead rows too: a saved graph leads over them.
        let known = try ScalesFile.read(
            into: scales, atMost: storage.rowEnd, sequence: storage.checkpointSequence, from: storage.factsPath, context.files)
        let rewritten = storage.replayed.rewritten.lazy.map(Int.init).filter { $0 < known }
        let scale = RowScale(rows, kernels: context.kernels)
        for ordinal in [AnySequence(known..<storage.rowEnd), AnySequence(rewritten)].joined() {
            scales[ordinal] = scale(rows.address(UInt32(ordinal)))
        }
        return live
    }

    /// When the rows that lived expire.
    private static func loadExpiries(
        _ storage: HybridDatabasePersistence, _ facts: RowFacts
    ) throws(JadeError) -> ExpiryCounts {
        var counts = ExpiryCounts()
        let end = storage.rowEnd
        try storage.metadata.forEachExpiry { ordinal, milliseconds in
            guard Int(ordinal) < end, facts.isAlive(ordinal) else { return }
            facts.setExpiry(ordinal, milliseconds)
            counts.add(milliseconds)
        }
        return counts
    }

    private static func openIndex(
        _ storage: HybridDatabasePersistence, _ rows: RowSource, _ context: Context
    ) throws(JadeError) -> (index: any VectorIndex, indexedEnd: Int) {
        if context.settings.kind != .flat, let saved = storage.indexDirectory {
            do throws(JadeError) {
                let loaded = try load(from: saved, storage, rows, context)
                try removeStale(loaded.index, storage, extent: loaded.extent, sequence: loaded.sequence, context)
                return (loaded.index, loaded.extent)
            } catch {
                // The index is derived: a damaged one is built anew, and searches are exact meanwhile.
                context.logger.error("the saved index cannot be used and is built anew", metadata: [
                    "database": "\(context.name)", "error": "\(error)",
                ])
            }
        }
        let (settings, kernels) = (context.settings, context.kernels)
        switch settings.kind {
        case .flat: return (FlatIndex(rows: rows, settings: settings, kernels: kernels), storage.rowEnd)
        case .hnsw: return (try HNSWIndex(rows: rows, settings: settings, kernels: kernels), 0)
        case .ivf: return (try IVFIndex(rows: rows, settings: settings, lists: IVFSettings(settings), kernels: kernels), 0)
        }
    }

    private static func load(
        from saved: String, _ storage: HybridDatabasePersistence, _ rows: RowSource, _ context: Context
    ) throws(JadeError) -> (index: any VectorIndex, extent: Int, sequence: UInt64) {
        let (settings, kernels, files) = (context.settings, context.kernels, context.files)
        guard settings.kind == .ivf else {
            return try HNSWIndex.load(
                from: saved, rows: rows, rowEnd: storage.rowEnd, settings: settings, kernels: kernels, files: files)
        }
        return try IVFIndex.load(
            from: saved, rows: rows, rowEnd: storage.rowEnd, settings: settings, lists: IVFSettings(settings), kernels: kernels,
            files: files)
    }

    /// Takes rows out of a saved index whose slots have been given to other rows since, or are about to be.
    private static func removeStale(
        _ index: any VectorIndex, _ storage: HybridDatabasePersistence, extent: Int, sequence: UInt64, _ context: Context
    ) throws(JadeError) {
        var stale = storage.freeSlots + storage.hollowSlots.flatMap { $0.filter(index.contains) }
        if storage.wasRecovered {
            for ordinal in 0..<extent where index.contains(UInt32(ordinal)) {
                guard let slot = try storage.rows.summary(of: ordinal), !slot.isFree, slot.sequence <= sequence else {
                    stale.append(UInt32(ordinal))
                    continue
                }
            }
        }
        guard stale.contains(where: { index.contains($0) }), let removal = index.removal(of: stale) else { return }
        while !removal.advance(workers: context.builders) {}
    }

    /// Live rows that the index should hold and does not.
    private static func missing(_ index: any VectorIndex, _ storage: HybridDatabasePersistence, below end: Int) -> [UInt32] {
        guard index.settings.kind != .flat else { return [] }
        return (0..<UInt32(end)).filter { storage.livedAtOpening($0) && !index.contains($0) }
    }
}
