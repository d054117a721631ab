package import JadeCore
package import JadeIO
import Synchronization

/// What opening a log cut off its end: bytes that a crash left unfinished and nobody was promised.
package struct LogTail: Sendable, Hashable {
    package let file: String
    /// Where the file ends now.
    package let offset: Int
    package let bytesCut: Int
    /// Whole records behind the first bad one: possible after a power cut only, when they were written but not synced.
    package let recordsCut: Int
    /// What was wrong there.
    package let reason: String
}

/// A place in the log, to which what follows can be rolled back.
package struct LogPosition: Sendable, Hashable {
    let segment: UInt64
    let offset: Int
    /// The sequence number that is written next at this place.
    package let nextSequence: UInt64
}

/// What has been appended to a log since it was opened.
package struct LogActivity: Sendable, Hashable {
    package var groups = 0
    package var bytes = 0
}

/// The write-ahead log of a shard: a folder of segments with consecutively numbered records (docs/formats/wal.md).
///
/// One writer appends; ``sync()`` may run on another thread meanwhile, which is how groups form. After a failed sync, or a
/// failed write that could not be taken back, it refuses further appends until it is opened again, because what the disk
/// holds is no longer known.
package final class WriteAheadLog: Sendable {
    struct Segment: Sendable {
        let firstSequence: UInt64
        /// Of a segment that is closed; the last one's file knows its own.
        var bytes = 0
    }

    struct State {
        /// In order; the last is being written.
        var segments: [Segment]
        var file: any AppendFile
        var nextSequence: UInt64
        /// Everything up to here survives a power cut.
        var durableSequence: UInt64
        var epoch: UInt64
        var group = ByteWriter()
        /// Groups and bytes since the log was opened.
        var activity = LogActivity()
        /// Counts roll-backs, so that a sync that began before one does not vouch for what was written after it.
        var rollBacks = 0
        /// Records behind this one are kept for the archive, whatever checkpoints hold.
        var heldAfter: UInt64?
        var failure: JadeError?
    }

    package let directory: String
    let shardID: UniqueID
    let files: any FileSystem
    let segmentBytes: Int
    /// Bytes of zeros that are written ahead of small groups, or 0.
    let aheadBytes: Int
    let state: Mutex<State>
    /// What opening cut off, if anything.
    package let tail: LogTail?

    private init(
        _ directory: String, _ shardID: UniqueID, _ files: any FileSystem, _ segmentBytes: Int, _ aheadBytes: Int,
        _ state: consuming State, _ tail: LogTail?
    ) {
        self.directory = directory
        self.shardID = shardID
        self.files = files
        self.segmentBytes = segmentBytes
        self.aheadBytes = aheadBytes
        self.state = Mutex(state)
        self.tail = tail
    }

    /// Opens the log in `directory`, creating both when absent.
    ///
    /// An unfinished end is cut off and reported in ``tail``. Corrupted when a record that had been durable is bad, or a
    /// segment is missing or belongs to another shard; conflict when records of a later epoch than `epoch` are there.
    ///
    /// - Parameters:
    ///   - nextSequence: what a checkpoint says must be written next. An older log, whose records all are in the
    ///     checkpoint, is begun anew there.
    ///   - aheadBytes: for a log that is synced after every group: zeros are written this far ahead of small groups, so
    ///     that a sync finds the file's length as it was and costs a fraction (``Limits/logAheadBytes`` is a good number).
    package static func open(
        _ directory: String, shardID: UniqueID, epoch: UInt64, nextSequence: UInt64, in files: any FileSystem,
        segmentBytes: Int = Limits.logSegmentBytes, aheadBytes: Int = 0
    ) throws(JadeError) -> WriteAheadLog {
        precondition(nextSequence >= 1, "sequence numbers begin at 1")
        try files.createDirectory(directory)
        var segments: [Segment] = []
        for name in try files.list(directory) {
            if name.hasSuffix(".tmp") { try files.remove(directory + "/" + name) }
            guard let first = LogSegmentHeader.firstSequence(inName: name) else { continue }
            segments.append(Segment(firstSequence: first, bytes: try files.fileSize(directory + "/" + name) ?? 0))
        }
        guard let last = segments.last else {
            return try begin(directory, shardID, epoch, nextSequence, files, segmentBytes, aheadBytes, replacing: [])
        }
        let path = directory + "/" + LogSegmentHeader.name(firstSequence: last.firstSequence)
        let (scan, tail) = try repairTail(path, last.firstSequence, shardID, files)
        guard scan.epoch <= epoch else {
            throw .conflict("\(path) has records of epoch \(scan.epoch), it was opened with epoch \(epoch)")
        }
        if scan.nextSequence < nextSequence {
            return try begin(directory, shardID, epoch, nextSequence, files, segmentBytes, aheadBytes, replacing: segments)
        }
        let file = try files.openAppendFile(path, create: false)
        // What was read may still be in the page cache only, left by a process that was killed.
        try file.sync()
        let state = State(
            segments: segments, file: file, nextSequence: scan.nextSequence, durableSequence: scan.nextSequence - 1, epoch: epoch)
        return WriteAheadLog(directory, shardID, files, segmentBytes, aheadBytes, state, tail)
    }

    private static func begin(
        _ directory: String, _ shardID: UniqueID, _ epoch: UInt64, _ nextSequence: UInt64, _ files: any FileSystem,
        _ segmentBytes: Int, _ aheadBytes: Int, replacing old: [Segment]
    ) throws(JadeError) -> WriteAheadLog {
        let header = LogSegmentHeader(shardID: shardID, epoch: epoch, firstSequence: nextSequence)
        let file = try createSegment(header, directory, files)
        for segment in old { try files.remove(directory + "/" + LogSegmentHeader.name(firstSequence: segment.firstSequence)) }
        try files.syncDirectory(old.isEmpty ? parentDirectory(of: directory) : directory)
        let state = State(
            segments: [Segment(firstSequence: nextSequence)], file: file, nextSequence: nextSequence,
            durableSequence: nextSequence - 1, epoch: epoch)
        return WriteAheadLog(directory, shardID, files, segmentBytes, aheadBytes, state, nil)
    }

    /// Creates an empty segment so that it appears with a whole header or not at all, and opens it.
    static func createSegment(
        _ header: LogSegmentHeader, _ directory: String, _ files: any FileSystem
    ) throws(JadeError) -> any AppendFile {
        let path = directory + "/" + LogSegmentHeader.name(firstSequence: header.firstSequence)
        try files.replaceFile(path, with: header.encoded())
        return try files.openAppendFile(path, create: false)
    }

    /// Scans the last segment and cuts an unfinished end off.
    private static func repairTail(
        _ path: String, _ firstSequence: UInt64, _ shardID: UniqueID, _ files: any FileSystem
    ) throws(JadeError) -> (LogScan, LogTail?) {
        let bytes = try files.readFile(path, limit: Limits.maximumWholeFileBytes)
        let (scan, aftermath) = try bytes.withRawBytes { (raw) throws(JadeError) in
            let header = try readHeader(raw, path, firstSequence, shardID)
            let scan = try LogScan.walk(raw, header, file: path) { _ in }
            return (scan, scan.defect == nil ? LogScan.Aftermath() : scan.aftermath(raw))
        }
        if scan.defect == nil, scan.end == bytes.count { return (scan, nil) }
        if let defect = scan.defect, aftermath.isDamage {
            throw .corrupted(file: path, offset: defect.offset, expected: defect.expected, found: defect.found)
        }
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        try file.truncate(to: scan.end)
        try file.sync()
        guard let defect = scan.defect else { return (scan, nil) }
        let reason = "at offset \(defect.offset): expected \(defect.expected), found \(defect.found)"
        let cut = bytes.count - scan.end
        return (scan, LogTail(file: path, offset: scan.end, bytesCut: cut, recordsCut: aftermath.records, reason: reason))
    }

    /// The header of the segment that should begin at `firstSequence` of this shard.
    static func readHeader(
        _ raw: UnsafeRawBufferPointer, _ path: String, _ firstSequence: UInt64, _ shardID: UniqueID
    ) throws(JadeError) -> LogSegmentHeader {
        let header = try LogSegmentHeader.decode(raw, file: path)
        guard header.shardID == shardID else {
            throw .corrupted(file: path, offset: 8, expected: "shard \(shardID)", found: "\(header.shardID)")
        }
        guard header.firstSequence == firstSequence, firstSequence >= 1 else {
            throw .corrupted(file: path, offset: 32, expected: "first sequence \(firstSequence)", found: "\(header.firstSequence)")
        }
        return header
    }

    /// The sequence number of the next record.
    package var nextSequence: UInt64 { state.withLock { $0.nextSequence } }
    /// Everything up to here survives a power cut.
    package var durableSequence: UInt64 { state.withLock { $0.durableSequence } }
    package var activity: LogActivity { state.withLock { $0.activity } }
    /// Bytes of all segments up to the last record.
    package var byteCount: Int { state.withLock { $0.segments.dropLast().reduce($0.file.size) { $0 + $1.bytes } } }
    /// The first segment's first sequence number: what is older has been truncated.
    package var firstSequence: UInt64 { state.withLock { $0.segments[0].firstSequence } }
    /// Where the next record goes; take it before ``append(contentsOf:)`` to be able to roll back.
    package var position: LogPosition {
        state.withLock { state in
            LogPosition(
                segment: state.segments.last!.firstSequence, offset: state.file.size, nextSequence: state.nextSequence)
        }
    }
}
