package import JadeCore
import JadeIO
package import JadeMetadata
import Synchronization

/// What all rows of a shard have in common.
package struct ShardShape: Sendable, Hashable {
    package var dimension: Int
    package var elementType: ElementType

    package init(dimension: Int, elementType: ElementType) {
        self.dimension = dimension
        self.elementType = elementType
    }
}

/// How a shard keeps its promises.
package struct PersistenceOptions: Sendable, Hashable {
    /// Whether ``HybridDatabasePersistence/commit(_:)`` waits for the disk.
    package var syncOnWrite: Bool

    package init(syncOnWrite: Bool) { self.syncOnWrite = syncOnWrite }

    /// A log that is synced at every write is written over zeros, so that a sync need not change the file's length.
    var logAheadBytes: Int { syncOnWrite ? Limits.logAheadBytes : 0 }
}

/// Operations that become durable together under one sequence number.
package struct LoggedBatch: Sendable {
    package var sequence: UInt64
    package var operations: [ShardOperation]

    package init(sequence: UInt64, operations: [ShardOperation]) {
        self.sequence = sequence
        self.operations = operations
    }
}

/// A shard's durable state: rows in `vectors.mmap`, ids and metadata in `metadata.db`, and the log that ties them together.
///
/// The log is written first; rows and metadata follow and are durable at checkpoints only. Opening after a crash takes both back
/// to the last checkpoint and applies the log again, so that they never run ahead of it.
///
/// One thread calls what changes anything (the shard's writer); reads of ``rows`` and ``metadata`` may come from any.
package final class HybridDatabasePersistence: Sendable {
    struct State {
        var manifest: ShardManifest
        var isRunning = false
        var rowEnd: Int
        var lastSequence: UInt64
    }

    package let directory: String
    package let rows: MemoryMappedVectorStore
    package let metadata: ShardMetadataStore
    /// Rows that lived when the shard was opened: bit n of word n / 64 is ordinal n.
    package let liveAtOpening: [UInt64]
    /// Whether the shard had not been closed before.
    package let wasRecovered: Bool
    let log: WriteAheadLog
    let files: any FileSystem
    let options: PersistenceOptions
    let state: Mutex<State>
    /// Keeps others out of the folder until the shard is closed.
    let lock: Mutex<FileLock?>

    init(
        _ directory: String, _ parts: OpenedParts, _ options: PersistenceOptions, _ files: any FileSystem, _ lock: FileLock
    ) {
        self.directory = directory
        rows = parts.rows
        metadata = parts.metadata
        log = parts.log
        liveAtOpening = parts.live
        wasRecovered = parts.wasRecovered
        self.options = options
        self.files = files
        self.lock = Mutex(lock)
        state = Mutex(State(manifest: parts.manifest, rowEnd: parts.rowEnd, lastSequence: parts.lastSequence))
    }

    /// Whether the row of an ordinal below ``rowEnd`` lived when the shard was opened.
    package func livedAtOpening(_ ordinal: UInt32) -> Bool {
        liveAtOpening[Int(ordinal) >> 6] >> UInt64(ordinal & 63) & 1 == 1
    }

    /// Slots that have been given out: the next new row's ordinal.
    package var rowEnd: Int { state.withLock { $0.rowEnd } }

    /// The sequence number of the last batch.
    package var lastSequence: UInt64 { state.withLock { $0.lastSequence } }

    /// Throws the reason when the log takes no writes until the shard is opened again: then not even a write that changes
    /// nothing may be acknowledged, because a failed one before it may come back with the log.
    package func requireWritable() throws(JadeError) { try log.requireWritable() }

    /// What opening cut off the log's end, if anything.
    package var logTail: LogTail? { log.tail }

    /// Where the last saved index lies, if there is one.
    package var indexDirectory: String? { state.withLock { $0.manifest.index }.map { indexPath($0.name) } }

    /// Where the next index may be saved; it counts once a checkpoint names it.
    package var nextIndexDirectory: String {
        let last = state.withLock { $0.manifest.index }.flatMap { Int($0.name) } ?? 0
        return indexPath(String(last + 1))
    }

    /// A file for derived facts about the rows, at the disposal of the shard.
    package var factsPath: String { "\(directory)/facts" }

    func indexPath(_ name: String) -> String { "\(directory)/index/\(name)" }

    var manifestPath: String { Self.manifestPath(directory) }

    static func manifestPath(_ directory: String) -> String { "\(directory)/manifest" }
    static func rowsPath(_ directory: String) -> String { "\(directory)/vectors.mmap" }
    static func metadataPath(_ directory: String) -> String { "\(directory)/metadata.db" }
    static func metadataSumPath(_ directory: String) -> String { "\(directory)/metadata.sum" }
    static func logPath(_ directory: String) -> String { "\(directory)/wal" }
}
