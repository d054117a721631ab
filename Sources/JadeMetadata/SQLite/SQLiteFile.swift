import CJadeSQLite
import GRDB
import GRDBSQLite
import JadeCore
import JadeIO

/// What the product's SQLite files have in common: how connections are set up, and whose file it is.
struct SQLiteFile {
    let path: String
    /// Tells our files from others, as SQLite's `application_id`.
    let applicationID: Int32
    /// The newest format this build knows, as SQLite's `user_version`.
    let version: Int32
    let migrator: DatabaseMigrator

    /// Seconds that a connection waits for another one: only checkpoints and opening ever wait.
    private static let busySeconds = 10.0
    /// Pages of a reader's cache; the writer's has 10,000.
    private static let readerCachePages = 2_000

    /// Connections as the product wants them; `writer` sees the writing connection last of all.
    static func configuration(
        label: String, readers: Int, writer: @escaping @Sendable (Database) throws -> Void = { _ in }
    ) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.maximumReaderCount = readers
        configuration.persistentReadOnlyConnections = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.prepareDatabase { db in
            let isReader = sqlite3_db_readonly(db.sqliteConnection, "main") == 1
            // A file from elsewhere may hold triggers, views and functions in its schema: none of them is trusted.
            try db.execute(
                sql: """
                    PRAGMA trusted_schema = OFF;
                    PRAGMA cell_size_check = ON;
                    PRAGMA synchronous = NORMAL;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = \(isReader ? readerCachePages : 10_000);
                    """)
            if !isReader { try writer(db) }
        }
        return configuration
    }

    /// Opens the file, makes it if there is none, refuses what is not ours or too new, and migrates what is older.
    func open(_ configuration: Configuration, _ files: any FileSystem) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.read(requireOurs)
        try migrator.migrate(pool)
        try files.syncDirectory(parentDirectory(of: path))
        return pool
    }

    private func requireOurs(_ db: Database) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let found = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        // A stop before the first migration was through leaves the list of migrations, and nothing in it.
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
        guard application == applicationID || (application == 0 && found == 0 && tables == 0) else {
            throw JadeError.corrupted("\(path): expected application id \(applicationID), found \(application) with \(tables) tables")
        }
        guard found <= version else {
            throw JadeError.unavailable("\(path) has format version \(found), this build reads up to \(version): use a newer build")
        }
    }
}

/// Makes a connection leave its log alone when it closes; SQLite would otherwise run a checkpoint of its own then.
func keepLogOnClose(_ db: Database) throws {
    guard let connection = db.sqliteConnection else { return }
    let code = jade_sqlite_keep_log_on_close(UnsafeMutableRawPointer(connection))
    guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
}
