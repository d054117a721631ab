import GRDB

/// The tables of a shard's `metadata.db` and their migrations.
///
/// `ids` says where a vector is now, `rows` what an ordinal's metadata is. Two tables, because an update gives an id a
/// new ordinal while searches on an older snapshot still read the old ordinal's metadata: its row stays until
/// ``ShardMetadataStore/purge(_:)``. `expiries` says when an ordinal's vector expires, if it does.
enum ShardMetadataSchema {
    /// "JDMD"
    static let applicationID: Int32 = 0x4A44_4D44
    static let version: Int32 = 2

    static func file(at path: String) -> SQLiteFile {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 ids, rows, state") { db in
            try db.execute(sql: tables)
            try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = 1")
        }
        migrator.registerMigration("2 expiries") { db in
            try db.execute(sql: expiries)
            try db.execute(sql: "PRAGMA user_version = 2")
        }
        return SQLiteFile(path: path, applicationID: applicationID, version: version, migrator: migrator)
    }

    /// Ids are text in SQLite's binary collation: compared by bytes.
    private static let tables = """
        CREATE TABLE ids (
            id TEXT PRIMARY KEY NOT NULL COLLATE BINARY,
            is_integer INTEGER NOT NULL,
            ordinal INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE rows (
            ordinal INTEGER PRIMARY KEY NOT NULL,
            metadata TEXT NOT NULL
        ) STRICT;
        CREATE TABLE state (
            key TEXT PRIMARY KEY NOT NULL,
            value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO state (key, value) VALUES ('applied_sequence', 0), ('checkpoints', 0);
        """

    /// Rows that expire; a table of its own, so that those that stay take no space.
    private static let expiries = """
        CREATE TABLE expiries (
            ordinal INTEGER PRIMARY KEY NOT NULL,
            milliseconds INTEGER NOT NULL
        ) STRICT;
        """

    static let readSequence = "SELECT value FROM state WHERE key = 'applied_sequence'"
    static let writeSequence = "UPDATE state SET value = ?1 WHERE key = 'applied_sequence'"
    static let countCheckpoint = "UPDATE state SET value = value + 1 WHERE key = 'checkpoints'"

    static let putID = """
        INSERT INTO ids (id, is_integer, ordinal) VALUES (?1, ?2, ?3)
        ON CONFLICT (id) DO UPDATE SET is_integer = excluded.is_integer, ordinal = excluded.ordinal
        """
    static let putRow = """
        INSERT INTO rows (ordinal, metadata) VALUES (?1, ?2)
        ON CONFLICT (ordinal) DO UPDATE SET metadata = excluded.metadata
        """
    static let setRow = "UPDATE rows SET metadata = ?2 WHERE ordinal = ?1"
    static let removeID = "DELETE FROM ids WHERE id = ?1"
    static let purgeRow = "DELETE FROM rows WHERE ordinal = ?1"

    static let putExpiry = """
        INSERT INTO expiries (ordinal, milliseconds) VALUES (?1, ?2)
        ON CONFLICT (ordinal) DO UPDATE SET milliseconds = excluded.milliseconds
        """
    static let purgeExpiry = "DELETE FROM expiries WHERE ordinal = ?1"
    static let allExpiries = "SELECT ordinal, milliseconds FROM expiries"

    static let findOrdinal = "SELECT ordinal FROM ids WHERE id = ?1"
    static let findMetadata = "SELECT metadata FROM rows WHERE ordinal = ?1"
    static let page = "SELECT id, is_integer, ordinal FROM ids WHERE id > ?1 ORDER BY id LIMIT ?2"
    static let allIDs = "SELECT id, is_integer, ordinal FROM ids"
    static let allRows = "SELECT ordinal, metadata FROM rows"
    static let countIDs = "SELECT count(*) FROM ids"
    static let countHomeless = "SELECT count(*) FROM ids WHERE ordinal NOT IN (SELECT ordinal FROM rows)"

    /// Every statement of the store: a file on which one does not compile has lost a table or a column.
    static let all = [
        readSequence, writeSequence, countCheckpoint, putID, putRow, setRow, removeID, purgeRow, putExpiry, purgeExpiry, allExpiries, findOrdinal, findMetadata,
        page, allIDs, allRows, countIDs, countHomeless,
    ]
}
