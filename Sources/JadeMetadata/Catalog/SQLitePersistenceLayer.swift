package import GRDB
package import JadeCore
package import JadeIO
import Synchronization

/// The catalog in `system.db`, an SQLite database in WAL mode.
///
/// Connections run with synchronous NORMAL, at which a commit need not reach the disk at once; the catalog's own
/// changes are rare and promise more, so they run with FULL, and are durable when they return.
package final class SQLitePersistenceLayer: DatabaseCatalog {
    package let path: String
    private let pool: DatabasePool
    private let maximumDatabases: Int
    /// Grows with every change of what somebody may do; what was read at an older one is read again.
    private let accessCounter = Atomic<UInt64>(1)

    /// Connections that read at the same time.
    private static let readers = 4

    /// Opens the catalog, and makes it if there is none.
    package init(
        path: String, maximumDatabases: Int = Limits.maximumDatabases, files: any FileSystem = LocalFileSystem()
    ) throws(JadeError) {
        self.path = path
        self.maximumDatabases = maximumDatabases
        do {
            pool = try CatalogSchema.file(at: path).open(
                SQLiteFile.configuration(label: "catalog", readers: Self.readers), files)
        } catch {
            throw JadeError(error, path: path, while: "open")
        }
    }

    /// Everything is durable already, so an error has nothing to say.
    package func close() {
        try? pool.close()
    }

    package func insert(
        id: String, specification: DatabaseSpecification, createdAtMilliseconds: Int64, ownerID: String?
    ) throws(JadeError) {
        let entry = CatalogEntry(id: id, specification: specification, createdAtMilliseconds: createdAtMilliseconds)
        try entry.validate()
        try write("create database \(specification.name.debugDescription)") { db in
            try CatalogRows.requireFree(name: specification.name, id: id, in: db)
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM databases") ?? 0
            guard count < maximumDatabases else {
                throw JadeError.tooLarge("there are \(count) databases, the limit is \(maximumDatabases)")
            }
            try CatalogRows.insert(entry, in: db)
            let owner = "UPDATE databases SET owner_id = (SELECT id FROM users WHERE id = ?) WHERE id = ?"
            if let ownerID { try db.execute(sql: owner, arguments: [ownerID, id]) }
        }
        if ownerID != nil { accessChanged() }
    }

    package var accessGeneration: UInt64 { accessCounter.load(ordering: .acquiring) }
    package func accessChanged() { accessCounter.add(1, ordering: .acquiringAndReleasing) }

    package func list() throws(JadeError) -> [CatalogEntry] {
        try read("list the databases") { try CatalogRows.all(in: $0, path: path) }
    }

    package func find(_ database: String) throws(JadeError) -> CatalogEntry? {
        try read("find database \(database.debugDescription)") { try CatalogRows.find(database, in: $0, path: path) }
    }

    @discardableResult
    package func update(id: String, _ update: DatabaseUpdate) throws(JadeError) -> CatalogEntry {
        try change(id) { (specification) throws(JadeError) in
            update.apply(to: &specification)
        }
    }

    @discardableResult
    package func update(id: String, to specification: DatabaseSpecification) throws(JadeError) -> CatalogEntry {
        try change(id) { (current) throws(JadeError) in
            var changed = current
            changed.name = specification.name
            changed.index.efSearch = specification.index.efSearch
            changed.index.nprobe = specification.index.nprobe
            changed.index.rescore = specification.index.rescore
            changed.index.oversampling = specification.index.oversampling
            changed.retentionSeconds = specification.retentionSeconds
            guard changed == specification else {
                throw .invalidArgument("of database \(current.name.debugDescription) only the name, how it is searched and retention can change")
            }
            current = changed
        }
    }

    package func recordIndexBuild(_ status: IndexBuildStatus, id: String) throws(JadeError) {
        try write("record the index build of database \(id)") { db in
            var entry = try CatalogRows.require(id: id, in: db, path: path)
            entry.indexBuild = status
            try CatalogRows.update(entry, in: db)
        }
    }

    package func delete(id: String) throws(JadeError) {
        try write("delete database \(id)") { db in
            let entry = try CatalogRows.require(id: id, in: db, path: path)
            try db.execute(sql: "DELETE FROM databases WHERE id = ?", arguments: [entry.id])
        }
    }

    /// Moves what SQLite's log holds into the database file and empties the log.
    package func checkpoint() throws(JadeError) {
        do {
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        } catch {
            throw JadeError(error, path: path, while: "checkpoint")
        }
    }

    package func integrity() throws(JadeError) -> [String] {
        let report = try read("check") { try String.fetchAll($0, sql: "PRAGMA integrity_check(20)") }
        return report == ["ok"] ? [] : report
    }

    /// For what no transaction may be around, and no reader needs to wait for.
    func withoutTransaction<T>(_ body: (Database) throws -> T) throws -> T { try pool.writeWithoutTransaction(body) }

    private func change(
        _ id: String, _ body: (inout DatabaseSpecification) throws(JadeError) -> Void
    ) throws(JadeError) -> CatalogEntry {
        try write("update database \(id)") { db in
            var entry = try CatalogRows.require(id: id, in: db, path: path)
            try body(&entry.specification)
            try entry.validate()
            try CatalogRows.requireFree(name: entry.specification.name, id: nil, except: id, in: db)
            try CatalogRows.update(entry, in: db)
            return entry
        }
    }

    /// Reads in one transaction; what the body throws comes out with the file's name.
    package func read<T>(_ doing: String, _ body: (Database) throws -> T) throws(JadeError) -> T {
        do { return try pool.read(body) } catch { throw JadeError(error, path: path, while: doing) }
    }

    /// Changes in one transaction, undone when the body throws.
    ///
    /// - Parameter isDurable: whether it must be on the disk at return; otherwise it survives the process, and a power cut
    ///   may take the last of them.
    package func write<T>(_ doing: String, isDurable: Bool = true, _ body: (Database) throws -> T) throws(JadeError) -> T {
        do {
            return try pool.writeWithoutTransaction { db in
                if isDurable { try db.execute(sql: "PRAGMA synchronous = FULL") }
                defer { if isDurable { try? db.execute(sql: "PRAGMA synchronous = NORMAL") } }
                try db.beginTransaction(.immediate)
                do {
                    let result = try body(db)
                    try db.commit()
                    return result
                } catch {
                    try? db.rollback()
                    throw error
                }
            }
        } catch {
            throw JadeError(error, path: path, while: doing)
        }
    }
}
