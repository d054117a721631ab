package import JadeCore

import GRDB
import GRDBSQLite

extension ShardMetadataStore {
    /// What one look at the whole store has found.
    package struct Check: Sendable {
        /// SQLite's own report; empty if it finds nothing.
        package var report: [String]
        /// Up to which sequence number changes are in what was looked at.
        package var sequence: UInt64
        /// Ids whose ordinal has no metadata.
        package var homeless: Int
    }

    /// Looks at everything as of one moment, while writes go on: SQLite's structures, and every id with its ordinal.
    ///
    /// Nobody may ask for a ``checkpoint()`` meanwhile. Ends early with `cancelled` when `isCancelled` says so.
    ///
    /// Complexity: reads the whole file.
    package func check(
        isCancelled: @escaping @Sendable () -> Bool, _ body: (VectorID, UInt32) -> Void
    ) throws(JadeError) -> Check {
        let cancellation = Cancellation(isCancelled)
        return try reading("check") { db in
            cancellation.watch(db)
            defer { cancellation.unwatch(db) }
            let sequence = try Self.appliedSequence(db, path: self.path)
            let report = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
            let homeless = try Int.fetchOne(db, sql: ShardMetadataSchema.countHomeless) ?? 0
            try self.forEachLive(db, body)
            return Check(report: report == ["ok"] ? [] : report, sequence: sequence, homeless: homeless)
        }
    }
}

/// Ends SQLite's work on a connection when somebody says so.
private final class Cancellation: Sendable {
    /// Steps of SQLite's machine between two questions: some milliseconds.
    private static let steps: Int32 = 100_000
    private let isCancelled: @Sendable () -> Bool

    init(_ isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

    /// Until ``unwatch(_:)``, up to which the caller keeps this object.
    func watch(_ db: Database) {
        sqlite3_progress_handler(
            db.sqliteConnection, Self.steps,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Cancellation>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    func unwatch(_ db: Database) { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
}
