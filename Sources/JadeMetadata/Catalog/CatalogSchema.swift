import GRDB

/// The tables of `system.db` and their migrations. A migration that has been released never changes; what comes later
/// is the next one, with the next number as the file's version.
enum CatalogSchema {
    /// "JDSY"
    static let applicationID: Int32 = 0x4A44_5359
    static let version: Int32 = 3

    static func file(at path: String) -> SQLiteFile {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 databases, indexes") { db in
            try db.execute(sql: databases)
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
        }
        migrator.registerMigration("2 accounts, audit log") { db in
            try db.execute(sql: SecuritySchema.tables + "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3 quotas, names apart from the chain") { db in
            try db.execute(sql: SecuritySchema.quotas + SecuritySchema.auditNames + "PRAGMA user_version = 3")
        }
        return SQLiteFile(path: path, applicationID: applicationID, version: version, migrator: migrator)
    }

    /// `settings` is a JSON object for what later versions add; a vector field other than the unnamed one has its own
    /// row in `indexes`.
    private static let databases = """
        CREATE TABLE databases (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE,
            dimension INTEGER NOT NULL,
            metric TEXT NOT NULL,
            element_type TEXT NOT NULL,
            shard_count INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            settings TEXT NOT NULL DEFAULT '{}'
        ) STRICT;
        CREATE TABLE indexes (
            database_id TEXT NOT NULL REFERENCES databases (id) ON DELETE CASCADE,
            field TEXT NOT NULL DEFAULT '',
            kind TEXT NOT NULL,
            m INTEGER NOT NULL,
            ef_construction INTEGER NOT NULL,
            ef_search INTEGER NOT NULL,
            build_status TEXT NOT NULL,
            PRIMARY KEY (database_id, field)
        ) STRICT, WITHOUT ROWID;
        """

    static let taken = "SELECT id FROM databases WHERE (name IN (:name, :id) OR id IN (:name, :id)) AND id <> :self LIMIT 1"
    static let insertDatabase = """
        INSERT INTO databases (id, name, dimension, metric, element_type, shard_count, created_at, settings)
        VALUES (:id, :name, :dimension, :metric, :element_type, :shard_count, :created_at, :settings)
        """
    static let insertIndex = """
        INSERT INTO indexes (database_id, field, kind, m, ef_construction, ef_search, build_status)
        VALUES (:id, '', :kind, :m, :ef_construction, :ef_search, :build_status)
        """
    static let entries = """
        SELECT databases.*, kind, m, ef_construction, ef_search, build_status
        FROM databases LEFT JOIN indexes ON database_id = id AND field = ''
        """
}
