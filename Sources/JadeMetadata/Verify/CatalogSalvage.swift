package import JadeCore
import JadeIO

import GRDB

/// Makes a catalog again from what can be read of a damaged one.
package enum CatalogSalvage {
    package struct Result: Sendable {
        /// Databases that the new catalog names.
        package var entries: [CatalogEntry]
        /// What could not be read, a sentence each.
        package var losses: [String]
    }

    /// Writes a new catalog at `target`: every table row by row from a copy of the damaged one, and the given entries where
    /// the copy has none of their id.
    ///
    /// - Parameter scratch: a folder that is made for the copy, and removed again.
    package static func rebuild(
        from damaged: String, at target: String, adding notes: [CatalogEntry], scratch: String
    ) throws(JadeError) -> Result {
        var losses: [String] = []
        let catalog = try SQLitePersistenceLayer(path: target)
        defer { catalog.close() }
        if try ReadOnlyFileSystem().fileExists(damaged) {
            do throws(JadeError) {
                let copy = try SQLiteCopy(of: damaged, scratch: scratch)
                losses += try catalog.copyRows(from: copy.path)
            } catch { losses.append("nothing of \(damaged) could be read: \(error.message)") }
        } else {
            losses.append("\(damaged) is gone: databases come back from their folders, everything else it held does not")
        }
        let known = Set((try? catalog.list())?.map(\.id) ?? [])
        for note in notes where !known.contains(note.id) {
            do throws(JadeError) {
                try catalog.insert(id: note.id, specification: note.specification, createdAtMilliseconds: note.createdAtMilliseconds)
            } catch { losses.append("database \"\(note.specification.name)\": \(error.message)") }
        }
        let entries = try catalog.list()
        try catalog.checkpoint()
        return Result(entries: entries, losses: losses)
    }
}

extension SQLitePersistenceLayer {
    /// Copies every table that the other file has too; the tables that could not be read, or not as a whole.
    fileprivate func copyRows(from other: String) throws(JadeError) -> [String] {
        do {
            return try withoutTransaction { db in
                try db.execute(sql: "PRAGMA foreign_keys = OFF; ATTACH DATABASE ? AS damaged", arguments: [other])
                defer { try? db.execute(sql: "DETACH DATABASE damaged; PRAGMA foreign_keys = ON") }
                let tables = try String.fetchAll(
                    db, sql: "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'")
                return tables.compactMap { Self.copy($0, db) }
            }
        } catch { throw JadeError(error, path: other, while: "copy the catalog") }
    }

    /// What was lost of a table, nil if nothing was.
    private static func copy(_ table: String, _ db: Database) -> String? {
        let name = "\"\(table.replacing("\"", with: "\"\""))\""
        do {
            try db.execute(sql: "INSERT OR IGNORE INTO main.\(name) SELECT * FROM damaged.\(name)")
            return nil
        } catch {
            let count = copyRowByRow(name, db)
            return "table \(table) of the catalog: \(count) rows could be read: \(error)"
        }
    }

    /// As far as the damage; how many.
    private static func copyRowByRow(_ name: String, _ db: Database) -> Int {
        var count = 0
        do {
            let rows = try Row.fetchCursor(db, sql: "SELECT * FROM damaged.\(name)")
            while let row = try rows.next() {
                let values = row.map { $0.1 }
                let marks = values.map { _ in "?" }.joined(separator: ", ")
                try db.execute(sql: "INSERT OR IGNORE INTO main.\(name) VALUES (\(marks))", arguments: StatementArguments(values))
                count += 1
            }
        } catch { return count }
        return count
    }
}
