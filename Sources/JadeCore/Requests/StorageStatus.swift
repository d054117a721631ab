/// How a database's files are, and what a stop of the machine would mean now.
public struct StorageStatus: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        case ready
        /// Reads go on; writes are refused until the next start, because a sync failed and nobody knows what the disk holds.
        case readOnly = "read_only"
        /// A file is damaged or missing: the database is set apart until it is repaired, restored or deleted.
        case quarantined
    }

    public var state: State
    /// Sequence number of the last write, of the last one that a power cut could not take, and of the last checkpoint.
    public var sequence: UInt64
    public var durableSequence: UInt64
    public var checkpointSequence: UInt64
    /// Bytes of log that a start after a kill would read.
    public var replayBytes: Int
    /// Bytes on disk, of all files; nil where nobody has looked.
    public var diskBytes: Int?
    /// What the last opening had to do; nil if the database is new or was closed.
    public var recovery: Recovery?

    /// A start after a crash.
    public struct Recovery: Sendable, Hashable {
        /// Writes that were applied again, and the bytes of their records.
        public var records: Int
        public var bytes: Int
        public var milliseconds: Int
        /// Bytes of an unfinished write that were cut off the log's end: nobody was promised it.
        public var bytesCut: Int
        /// Where, and what was wrong there; nil if nothing was cut.
        public var cut: String?

        public init(records: Int, bytes: Int, milliseconds: Int, bytesCut: Int = 0, cut: String? = nil) {
            self.records = records
            self.bytes = bytes
            self.milliseconds = milliseconds
            self.bytesCut = bytesCut
            self.cut = cut
        }
    }

    public init(
        state: State, sequence: UInt64 = 0, durableSequence: UInt64 = 0, checkpointSequence: UInt64 = 0, replayBytes: Int = 0,
        diskBytes: Int? = nil, recovery: Recovery? = nil
    ) {
        self.state = state
        self.sequence = sequence
        self.durableSequence = durableSequence
        self.checkpointSequence = checkpointSequence
        self.replayBytes = replayBytes
        self.diskBytes = diskBytes
        self.recovery = recovery
    }
}
