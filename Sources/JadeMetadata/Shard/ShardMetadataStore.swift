package import JadeCore
package import JadeIO

import GRDB
import GRDBSQLite

/// One shard's `metadata.db`: where each id is, what each ordinal's metadata is, and up to which sequence number of the
/// shard's log that holds.
///
/// SQLite runs in WAL mode with synchronous NORMAL and no automatic checkpoints: nothing here is durable before
/// ``checkpoint()``. The shard's own log is; after a crash the store goes back to its last checkpoint
/// (`discardingLog`), and the log is applied again from there.
///
/// One thread writes. Any number of threads read at the same time, and block only for a free connection. Calls must not
/// be nested inside the blocks that ``forEachLive(_:)`` and ``forEachMetadata(_:)`` are given. What comes from the file
/// is checked, and is ``ErrorCode/corrupted`` if it fails.
package final class ShardMetadataStore: Sendable {
    package let path: String
    let pool: DatabasePool
    private let files: any FileSystem
    private let frames: CommittedFrames

    /// Opens the store, and makes it if there is none: then ``appliedSequence()`` is 0, so a caller that expects data
    /// sees that it is gone.
    ///
    /// - Parameters:
    ///   - path: of the database file; SQLite keeps `-wal` and `-shm` beside it, the store `-mark`.
    ///   - discardingLog: drops what was applied after the last checkpoint.
    ///   - wasClosed: whether the database file alone is known to be whole, so that a checkpoint was not under way.
    ///   - files: where the store's own mark is kept, and SQLite's log dropped; SQLite itself uses the system's files.
    package init(
        path: String, discardingLog: Bool, wasClosed: Bool = false, files: any FileSystem = LocalFileSystem()
    ) throws(JadeError) {
        self.path = path
        self.files = files
        let frames = CommittedFrames()
        self.frames = frames
        let interrupted = discardingLog ? try Self.dropLog(of: path, wasClosed: wasClosed, files) : false
        let configuration = SQLiteFile.configuration(label: "metadata", readers: Limits.maximumMetadataReaders) { db in
            // Before the file has its first page: later it would not count.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA wal_autocheckpoint = 0")
            try keepLogOnClose(db)
            frames.watch(db)
        }
        do {
            pool = try ShardMetadataSchema.file(at: path).open(configuration, files)
            try pool.writeWithoutTransaction(Self.requireTables)
        } catch {
            throw JadeError(error, path: path, while: "open")
        }
        if interrupted { try checkpoint() }
    }

    /// Closes all connections. What was applied since the last checkpoint stays in SQLite's log.
    package func close() throws(JadeError) {
        do { try pool.close() } catch { throw JadeError(error, path: path, while: "close") }
    }

    /// The sequence number of the last changes applied, 0 at first.
    package func appliedSequence() throws(JadeError) -> UInt64 {
        try reading("read the applied sequence") { db in try Self.appliedSequence(db, path: self.path) }
    }

    /// Copies everything into the database file and syncs it: the state to which `discardingLog` goes back.
    ///
    /// The shard's own log must be synced before, up to the applied sequence. After a failure nothing is lost, writes go
    /// on, and the checkpoint may be tried again.
    package func checkpoint() throws(JadeError) {
        do {
            try pool.writeWithoutTransaction { db in
                try Self.giveBackSpace(db)
                // A transaction, so that the log is not empty and its committed length is known.
                try db.execute(sql: ShardMetadataSchema.countCheckpoint)
                try self.mark(db)
                try db.checkpoint(.truncate)
            }
        } catch {
            throw JadeError(error, path: path, while: "checkpoint")
        }
    }

    /// Takes pages that nothing uses any more out of the file, some at each checkpoint, once they are worth it.
    private static func giveBackSpace(_ db: Database) throws {
        let free = try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        guard free > max(Limits.minimumFreePages, pages / 16) else { return }
        try db.execute(sql: "PRAGMA incremental_vacuum(\(Limits.freedPagesPerCheckpoint))")
    }

    private func mark(_ db: Database) throws {
        let path = path + "-wal"
        guard let salts = try CheckpointMark.salts(ofLog: path, files), let pageBytes = try Int.fetchOne(db, sql: "PRAGMA page_size") else {
            throw JadeError.internal("\(path): expected a log of \(frames.count) frames, found none")
        }
        let log = try files.openAppendFile(path, create: false)
        defer { log.close() }
        try log.sync()
        let length = UInt64(32 + frames.count * (24 + pageBytes))
        try CheckpointMark(salts: salts, length: length, sequence: try Self.appliedSequence(db, path: self.path)).write(of: self.path, files)
    }

    /// Takes the database back to its last checkpoint. Returns whether one was under way, and has to be completed.
    private static func dropLog(of path: String, wasClosed: Bool, _ files: any FileSystem) throws(JadeError) -> Bool {
        let logPath = path + "-wal"
        try files.remove(path + "-shm")
        guard !wasClosed, let mark = try CheckpointMark.read(of: path, files), try CheckpointMark.salts(ofLog: logPath, files) == mark.salts else {
            try files.remove(logPath)
            return false
        }
        let log = try files.openAppendFile(logPath, create: false)
        defer { log.close() }
        guard log.size >= mark.length else {
            throw .corrupted(file: logPath, offset: log.size, expected: "\(mark.length) bytes, as when its checkpoint began", found: "\(log.size)")
        }
        try log.truncate(to: Int(mark.length))
        try log.sync()
        return true
    }

    static func appliedSequence(_ db: Database, path: String) throws -> UInt64 {
        var found: Int64?
        try RawStatement(db, ShardMetadataSchema.readSequence).forEachRow { row in
            found = row.integer(0)
            return false
        }
        guard let found, found >= 0 else {
            throw JadeError.corrupted("\(path): expected an applied sequence of 0 or more, found \(found.map(String.init) ?? "none")")
        }
        return UInt64(found)
    }

    private static func requireTables(_ db: Database) throws {
        for statement in ShardMetadataSchema.all {
            do { _ = try db.cachedStatement(sql: statement) } catch let error as DatabaseError where error.resultCode == .SQLITE_ERROR {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: error.message)
            }
        }
    }

    func reading<T>(_ doing: String, _ body: (Database) throws -> T) throws(JadeError) -> T {
        do { return try pool.read(body) } catch { throw JadeError(error, path: path, while: doing) }
    }
}

/// Frames of SQLite's log that belong to committed transactions.
///
/// `@unchecked Sendable`: SQLite calls the hook on the writing connection's own queue, and the count is read there only.
private final class CommittedFrames: @unchecked Sendable {
    private(set) var count = 0

    /// Has the connection report every commit. The store keeps this object as long as the connection.
    func watch(_ db: Database) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_wal_hook(
            db.sqliteConnection,
            { context, _, _, frames in
                if let context { Unmanaged<CommittedFrames>.fromOpaque(context).takeUnretainedValue().count = Int(frames) }
                return SQLITE_OK
            }, context)
    }
}
