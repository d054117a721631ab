import JadeCore
import JadeIO
import JadeStorage

/// A small vectors file in every state that a slot can have, and what is true of it.
struct SampleStore {
    static let dimension = 5
    static let longID = String(repeating: "long/", count: 20)
    static let ids: [VectorID] = [
        VectorID(uncheckedText: "a", isInteger: false), 42,
        VectorID(uncheckedText: "123e4567-e89b-42d3-a456-426614174000", isInteger: false),
        VectorID(uncheckedText: longID, isInteger: false), 7, VectorID(uncheckedText: "gone", isInteger: false),
        VectorID(uncheckedText: "häß", isInteger: false), 8,
    ]
    /// Slots 4 and 7 are free, slot 5 is deleted but still readable.
    static let live: UInt64 = 0b0100_1111
    static let liveCount = 5

    static func values(_ ordinal: Int) -> [Float] { (0..<dimension).map { Float(ordinal * 10 + $0) + 0.5 } }

    static func create(_ path: String, in files: any FileSystem = LocalFileSystem()) throws(JadeError) -> MemoryMappedVectorStore {
        let store = try MemoryMappedVectorStore.create(
            path, dimension: dimension, elementType: .float32, random: SeededRandomSource(seed: 1), in: files,
            maximumVectors: 1 << 17)
        try store.beginWriting()
        return store
    }

    static func write(_ store: MemoryMappedVectorStore, _ ordinal: Int, sequence: UInt64) throws(JadeError) {
        try store.reserve(slots: ordinal + 1)
        let row = values(ordinal)
        var failure: JadeError?
        row.withUnsafeBufferPointer { buffer in
            do throws(JadeError) {
                try store.write(ordinal: ordinal, id: ids[ordinal % ids.count], sequence: sequence, values: buffer)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Writes all rows and closes the file cleanly at sequence 9.
    static func writeAll(_ path: String, in files: any FileSystem = LocalFileSystem()) throws(JadeError) {
        let store = try create(path, in: files)
        try store.reserve(slots: 12, exactly: true)
        for ordinal in ids.indices { try write(store, ordinal, sequence: UInt64(ordinal + 1)) }
        try store.markDeleted([5])
        try store.release([7, 4])
        try store.finish(live: [live], vectorCount: liveCount, sequence: 9)
    }

    static func open(_ path: String) throws(JadeError) -> MemoryMappedVectorStore {
        try MemoryMappedVectorStore.open(path, in: LocalFileSystem(), maximumVectors: 1 << 17)
    }
}

/// What a reader gets to see of a file; equal for two files exactly when they hold the same.
struct StoreContent: Equatable {
    struct Row: Equatable {
        var ordinal: Int
        var id: String
        var isInteger: Bool
        var values: [Float]
        var isDeleted: Bool
        var sequence: UInt64
    }
    var header: VectorFileHeader
    var rows: [Row] = []
    var free: Set<Int> = []
    var freeList: [UInt32] = []
    var live: [UInt64]?
    var map: [String: Int] = [:]

    /// Reads and verifies everything that can be read.
    init(_ store: MemoryMappedVectorStore) throws(JadeError) {
        header = store.header
        freeList = try store.freeList()
        if store.isClean {
            live = try store.readLiveBitmap()
            var map: [String: Int] = [:]
            try store.readIdentifierMap { id, ordinal in map[id] = ordinal }
            self.map = map
        }
        var slots: [SlotSummary] = []
        try store.scanHeads { slots.append($0) }
        for slot in slots {
            try store.verify(ordinal: slot.ordinal)
            if slot.isFree {
                free.insert(slot.ordinal)
                continue
            }
            let id = try store.id(of: slot.ordinal)
            rows.append(
                Row(
                    ordinal: slot.ordinal, id: id.text, isInteger: id.isInteger, values: try store.values(of: slot.ordinal),
                    isDeleted: slot.isDeleted, sequence: slot.sequence))
        }
    }
}

/// A log with payloads that tell which record they belong to.
struct SampleLog {
    static let shardID = UniqueID(high: 0x0123_4567_89AB_4DEF, low: 0x8123_4567_89AB_CDEF)

    static func payload(_ sequence: UInt64, bytes: Int = 40) -> [UInt8] {
        SeededRandomSource(seed: sequence).bytes(bytes + Int(sequence % 7))
    }

    static func open(
        _ directory: String, epoch: UInt64 = 1, nextSequence: UInt64 = 1, in files: any FileSystem = LocalFileSystem(),
        segmentBytes: Int = 1 << 20, aheadBytes: Int = 0
    ) throws(JadeError) -> WriteAheadLog {
        try WriteAheadLog.open(
            directory, shardID: shardID, epoch: epoch, nextSequence: nextSequence, in: files, segmentBytes: segmentBytes,
            aheadBytes: aheadBytes)
    }

    static func append(_ log: WriteAheadLog, _ count: Int) throws(JadeError) {
        let first = log.nextSequence
        try log.append(contentsOf: (0..<UInt64(count)).map { (first + $0, payload(first + $0)) })
    }

    /// The sequence numbers that replay; every payload must be its own.
    static func replay(_ log: WriteAheadLog, after sequence: UInt64 = 0) throws(JadeError) -> [UInt64] {
        var seen: [UInt64] = []
        try log.replay(after: sequence) { (record) throws(JadeError) in
            guard record.payload.elementsEqual(payload(record.sequence)) else {
                throw .internal("record \(record.sequence) replays another payload")
            }
            seen.append(record.sequence)
        }
        return seen
    }
}
