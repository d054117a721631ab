public import JadeCore
internal import JadeStorage

/// How an engine keeps and searches its databases. The defaults are the seed's.
public struct EngineConfiguration: Sendable, Hashable {
    /// Where `system.db` and `databases/` live.
    public var dataDirectory: String
    /// Wait for the disk before a write is acknowledged.
    public var syncOnWrite: Bool
    /// Otherwise: seconds between two syncs, the most that a power cut may take.
    public var syncIntervalSeconds: Int
    /// Write groups between two checkpoints of a shard.
    public var checkpointTransactions: Int
    /// Seconds after which a changed shard is checkpointed all the same.
    public var checkpointSeconds: Int
    /// Threads that search; 0 takes one for each processor.
    public var searchThreads: Int
    /// Threads that extend an index; 0 takes one for each processor.
    public var buildThreads: Int
    /// Bytes of rows that may wait for the index before writers are slowed.
    public var maximumTailBytes: Int
    /// Bytes of log that a crash may leave to replay: a shard whose log has grown by more is checkpointed.
    public var checkpointBytes: Int
    /// Bytes of one segment of the log.
    package var logSegmentBytes = Limits.logSegmentBytes
    /// Bytes of memory that databases, writes and searches may hold together; 0 takes four fifths of what the machine, or the
    /// process's control group, has.
    public var memoryLimitBytes: Int
    /// Directories for backups, by the names that requests use.
    public var backupDirectories: [String: String]
    /// What a backup reads in a second at most; 0 does not limit.
    public var backupBytesPerSecond: Int

    public init(
        dataDirectory: String, syncOnWrite: Bool = false, syncIntervalSeconds: Int = 5, checkpointTransactions: Int = 1000,
        checkpointSeconds: Int = 300, searchThreads: Int = 0, buildThreads: Int = 0, maximumTailBytes: Int = 256 << 20,
        checkpointBytes: Int = 256 << 20, memoryLimitBytes: Int = 0, backupDirectories: [String: String] = [:],
        backupBytesPerSecond: Int = 64 << 20
    ) {
        self.dataDirectory = dataDirectory
        self.syncOnWrite = syncOnWrite
        self.syncIntervalSeconds = syncIntervalSeconds
        self.checkpointTransactions = checkpointTransactions
        self.checkpointSeconds = checkpointSeconds
        self.searchThreads = searchThreads
        self.buildThreads = buildThreads
        self.maximumTailBytes = maximumTailBytes
        self.checkpointBytes = checkpointBytes
        self.memoryLimitBytes = memoryLimitBytes
        self.backupDirectories = backupDirectories
        self.backupBytesPerSecond = backupBytesPerSecond
    }

    public func validate() throws(JadeError) {
        guard !dataDirectory.isEmpty else { throw .invalidArgument("data_directory is empty") }
        try Limits.require(syncIntervalSeconds, in: 1...3600, "vector_sync_interval_sec")
        try Limits.require(checkpointTransactions, in: 1...1_000_000, "sqlite_wal_checkpoint_interval")
        try Limits.require(checkpointSeconds, in: 1...86_400, "checkpoint_interval_sec")
        try Limits.require(checkpointBytes, in: 1 << 20...1 << 40, "checkpoint_bytes")
        try Limits.require(searchThreads, in: 0...1024, "search threads")
        try Limits.require(memoryLimitBytes, in: 0...Int.max, "memory_limit_bytes")
        try Limits.require(buildThreads, in: 0...1024, "index build threads")
        try Limits.require(backupBytesPerSecond, in: 0...1 << 40, "backup bytes per second")
        for (name, directory) in backupDirectories where directory.isEmpty { throw .invalidArgument("backup target \(name) has no directory") }
    }
}
