package import JadeCore

import GRDB

extension ShardMetadataStore {
    /// Where each id is, nil for ids that name nothing; as of one moment.
    package func lookup(_ ids: [VectorID]) throws(JadeError) -> [UInt32?] {
        try reading("look up \(ids.count) ids") { try self.ordinals(of: ids, $0) }
    }

    /// As ``lookup(_:)``, on the writing connection: the writer sees its own changes, and waits for nobody.
    package func writerLookup(_ ids: [VectorID]) throws(JadeError) -> [UInt32?] {
        do {
            return try pool.writeWithoutTransaction { db in
                // One transaction for all of them: beginning one costs more than finding an id.
                try db.beginTransaction(.deferred)
                defer { try? db.commit() }
                return try ordinals(of: ids, db)
            }
        } catch {
            throw JadeError(error, path: path, while: "look up \(ids.count) ids")
        }
    }

    /// The metadata of each ordinal as JSON, nil for ordinals without a row.
    package func metadata(of ordinals: [UInt32]) throws(JadeError) -> [[UInt8]?] {
        try reading("read the metadata of \(ordinals.count) ordinals") { db in
            let statement = try RawStatement(db, ShardMetadataSchema.findMetadata)
            return try ordinals.map { ordinal in
                try statement.bind(1, Int64(ordinal))
                var found: [UInt8]?
                try statement.forEachRow { row in
                    found = try self.withMetadata(row, 0, of: ordinal) { [UInt8]($0) }
                    return false
                }
                return found
            }
        }
    }

    /// The ids after the given one, in order of their bytes, and where they are.
    package func scroll(after: VectorID?, limit: Int) throws(JadeError) -> [(VectorID, UInt32)] {
        try reading("list \(limit) ids") { db in
            var found: [(VectorID, UInt32)] = []
            let statement = try RawStatement(db, ShardMetadataSchema.page)
            var text = after?.text ?? ""  // no id is empty, so all come after ""
            try text.withUTF8 { bytes in
                try statement.bind(1, text: bytes)
                try statement.bind(2, Int64(limit))
                try statement.forEachRow { row in
                    found.append(try self.live(row))
                    return true
                }
            }
            return found
        }
    }

    /// Calls the body with every id and where it is, in no order.
    package func forEachLive(_ body: (VectorID, UInt32) -> Void) throws(JadeError) {
        try reading("list the ids") { db in try self.forEachLive(db, body) }
    }

    func forEachLive(_ db: Database, _ body: (VectorID, UInt32) -> Void) throws {
        try RawStatement(db, ShardMetadataSchema.allIDs).forEachRow { row in
            let (id, ordinal) = try self.live(row)
            body(id, ordinal)
            return true
        }
    }

    /// Calls the body with every ordinal that has a row, superseded ones included, and its metadata as JSON; the bytes
    /// are valid during the call only.
    package func forEachMetadata(_ body: (UInt32, UnsafeRawBufferPointer) -> Void) throws(JadeError) {
        try reading("read the metadata") { db in
            try RawStatement(db, ShardMetadataSchema.allRows).forEachRow { row in
                let ordinal = try self.ordinal(row, 0)
                try self.withMetadata(row, 1, of: ordinal) { body(ordinal, $0) }
                return true
            }
        }
    }

    /// Calls the body with every ordinal that expires, superseded ones included, and when, in milliseconds since 1970.
    package func forEachExpiry(_ body: (UInt32, Int64) -> Void) throws(JadeError) {
        try reading("read the expiries") { db in
            try RawStatement(db, ShardMetadataSchema.allExpiries).forEachRow { row in
                let ordinal = try self.ordinal(row, 0)
                guard let found = row.integer(1), (1...Limits.maximumExpiryMilliseconds).contains(found) else {
                    throw JadeError.corrupted("\(self.path): expected an expiry of ordinal \(ordinal), found none that a vector can have")
                }
                body(ordinal, found)
                return true
            }
        }
    }

    /// How many ids there are. Complexity: O(ids).
    package func count() throws(JadeError) -> Int {
        try reading("count the ids") { try Int.fetchOne($0, sql: ShardMetadataSchema.countIDs) ?? 0 }
    }

    /// Reads the whole file and checks it: SQLite's structures, and that every id has a row.
    package func verify() throws(JadeError) {
        try reading("verify") { db in
            let report = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
            guard report == ["ok"] else {
                throw JadeError.corrupted("\(self.path): expected an integrity check without findings, found \(report.joined(separator: "; "))")
            }
            let homeless = try Int.fetchOne(db, sql: ShardMetadataSchema.countHomeless) ?? 0
            guard homeless == 0 else {
                throw JadeError.corrupted("\(self.path): expected a row for every id, found \(homeless) ids without one")
            }
        }
    }

    private func ordinals(of ids: [VectorID], _ db: Database) throws -> [UInt32?] {
        let statement = try RawStatement(db, ShardMetadataSchema.findOrdinal)
        return try ids.map { id in
            try id.withBytes { bytes in
                try statement.bind(1, text: bytes)
                var found: UInt32?
                try statement.forEachRow { row in
                    found = try ordinal(row, 0)
                    return false
                }
                return found
            }
        }
    }
}

// What a row may hold, whoever wrote it.
extension ShardMetadataStore {
    private func live(_ row: borrowing RawRow) throws -> (VectorID, UInt32) {
        let isInteger = row.integer(1)
        let id = row.withText(0) { bytes -> VectorID? in
            guard let bytes, let text = String(validating: bytes, as: UTF8.self) else { return nil }
            if isInteger == 1 {
                guard let number = UInt64(text), String(number) == text else { return nil }
                return VectorID(number)
            }
            return try? VectorID(text)
        }
        guard let id, isInteger == 0 || isInteger == 1 else {
            throw JadeError.corrupted("\(path): table ids holds an id that no vector can have")
        }
        return (id, try ordinal(row, 2))
    }

    private func ordinal(_ row: borrowing RawRow, _ column: Int32) throws -> UInt32 {
        let found = row.integer(column)
        guard let found, (0..<Int64(Limits.maximumVectorsPerShard)).contains(found) else {
            throw JadeError.corrupted(
                "\(path): expected an ordinal from 0 to \(Limits.maximumVectorsPerShard - 1), found \(found.map(String.init) ?? "none")")
        }
        return UInt32(found)
    }

    private func withMetadata<R>(
        _ row: borrowing RawRow, _ column: Int32, of ordinal: UInt32, _ body: (UnsafeRawBufferPointer) throws -> R
    ) throws -> R {
        try row.withText(column) { bytes in
            guard let bytes, bytes.count <= Limits.maximumStoredMetadataBytes else {
                let found = bytes.map { String($0.count) } ?? "none"
                throw JadeError.corrupted(
                    "\(path): expected at most \(Limits.maximumStoredMetadataBytes) bytes of metadata for ordinal \(ordinal), found \(found)")
            }
            return try body(bytes)
        }
    }
}
