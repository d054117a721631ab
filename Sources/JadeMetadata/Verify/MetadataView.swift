package import JadeCore
import JadeIO
import JadeJSON

/// A shard's `metadata.db` for those who check or repair it: nothing of it is changed, and what cannot be read is an
/// error of that one row. One thread uses it.
package final class MetadataView {
    package enum Moment: Sendable {
        /// The last checkpoint: where recovery begins.
        case checkpoint
        /// With all that SQLite's log holds.
        case latest
    }

    package let path: String
    private let view: SQLiteView
    /// Removed after the connection has gone.
    private let copy: SQLiteCopy?
    private var rowStatement: SQLiteView.Statement?

    /// - Parameter scratch: a folder that may be made for a copy; it goes with the object.
    package init(_ path: String, at moment: Moment, scratch: String) throws(JadeError) {
        self.path = path
        let files = ReadOnlyFileSystem()
        guard try files.fileExists(path) else { throw .notFound("there is no file \"\(path)\"") }
        copy = try Self.neededCopy(path, moment, scratch, files)
        view = try SQLiteView(copy?.path ?? path, immutable: copy == nil)
        let application = try view.integer("PRAGMA application_id") ?? 0
        guard application == Int64(ShardMetadataSchema.applicationID) else {
            throw .corrupted(
                file: path, offset: 68, expected: "application id \(ShardMetadataSchema.applicationID)", found: "\(application)")
        }
        let version = try view.integer("PRAGMA user_version") ?? 0
        guard version <= Int64(ShardMetadataSchema.version) else {
            throw .unavailable(
                "\(path) has format version \(version), this program reads up to \(ShardMetadataSchema.version): use a newer one")
        }
    }

    private static func neededCopy(
        _ path: String, _ moment: Moment, _ scratch: String, _ files: ReadOnlyFileSystem
    ) throws(JadeError) -> SQLiteCopy? {
        guard let salts = try CheckpointMark.salts(ofLog: path + "-wal", files) else { return nil }
        if moment == .latest { return try SQLiteCopy(of: path, scratch: scratch) }
        guard let mark = try? CheckpointMark.read(of: path, files), mark.salts == salts else { return nil }
        return try SQLiteCopy(of: path, scratch: scratch, logBytes: Int(clamping: mark.length))
    }

    /// Reads the mark beside a database; nothing to say when there is none.
    package static func checkMark(of path: String) throws(JadeError) {
        _ = try CheckpointMark.read(of: path, ReadOnlyFileSystem())
    }

    /// What SQLite's own check reports.
    package func integrity() throws(JadeError) -> [String] { try view.integrity() }

    package func appliedSequence() throws(JadeError) -> UInt64 {
        let found = try view.integer(ShardMetadataSchema.readSequence)
        guard let found, found >= 0 else {
            throw .corrupted(file: path, offset: 0, expected: "an applied sequence", found: found.map(String.init) ?? "none")
        }
        return UInt64(found)
    }

    package func idCount() throws(JadeError) -> Int { Int(try view.integer(ShardMetadataSchema.countIDs) ?? 0) }
    package func rowCount() throws(JadeError) -> Int { Int(try view.integer("SELECT count(*) FROM rows") ?? 0) }

    /// Calls the body with every id and where it is, and with nil for a row that no writer makes.
    package func forEachID(_ body: ((id: VectorID, ordinal: UInt32)?) -> Void) throws(JadeError) {
        let statement = try view.statement(ShardMetadataSchema.allIDs)
        while try statement.step() {
            guard let text = statement.text(0), let id = Self.id(text, statement.integer(1)),
                let ordinal = statement.integer(2), (0..<Int64(Limits.maximumVectorsPerShard)).contains(ordinal)
            else {
                body(nil)
                continue
            }
            body((id, UInt32(ordinal)))
        }
    }

    private static func id(_ text: String, _ isInteger: Int64?) -> VectorID? {
        switch isInteger {
        case 0: return try? VectorID(text)
        case 1:
            guard let number = UInt64(text), String(number) == text else { return nil }
            return VectorID(number)
        default: return nil
        }
    }

    /// When rows expire, by ordinal, in milliseconds since 1970.
    package func expiries() throws(JadeError) -> [UInt32: Int64] {
        // Files of the first version have none.
        guard try view.integer("PRAGMA user_version") ?? 0 > 1 else { return [:] }
        let statement = try view.statement(ShardMetadataSchema.allExpiries)
        var found: [UInt32: Int64] = [:]
        while try statement.step() {
            guard let ordinal = statement.integer(0), (0..<Int64(Limits.maximumVectorsPerShard)).contains(ordinal),
                let milliseconds = statement.integer(1), (1...Limits.maximumExpiryMilliseconds).contains(milliseconds)
            else {
                throw .corrupted(file: path, offset: 0, expected: "an ordinal and when it expires", found: "something else")
            }
            found[UInt32(ordinal)] = milliseconds
        }
        return found
    }

    /// The metadata of an ordinal as JSON, nil when it has no row.
    package func metadata(of ordinal: UInt32) throws(JadeError) -> [UInt8]? {
        if rowStatement == nil { rowStatement = try view.statement(ShardMetadataSchema.findMetadata) }
        guard let statement = rowStatement else { return nil }
        statement.rebind(Int64(ordinal))
        guard try statement.step() else { return nil }
        guard let bytes = statement.bytes(0), bytes.count <= Limits.maximumStoredMetadataBytes else {
            throw .corrupted(file: path, offset: 0, expected: "metadata of ordinal \(ordinal) as text", found: "something else")
        }
        return bytes
    }

    /// Whether an ordinal has metadata; corrupted or invalid if it is none that a vector can have.
    package func hasValidMetadata(_ ordinal: UInt32) throws(JadeError) -> Bool {
        guard let bytes = try metadata(of: ordinal) else { return false }
        _ = try MetadataJSON.decode(bytes)
        return true
    }
}

/// The catalog in a folder's `system.db`, read from a copy: its log may hold what the file does not yet.
package enum CatalogView {
    /// The databases that the catalog names, and what SQLite's own check reports.
    package static func read(_ path: String, scratch: String) throws(JadeError) -> (entries: [CatalogEntry], report: [String]) {
        guard try ReadOnlyFileSystem().fileExists(path) else { throw .notFound("there is no file \"\(path)\"") }
        let copy = try SQLiteCopy(of: path, scratch: scratch)
        let report = try SQLiteView(copy.path, immutable: false).integrity()
        let catalog = try SQLitePersistenceLayer(path: copy.path)
        defer { catalog.close() }
        return (try catalog.list(), report)
    }
}

/// What any SQLite file of the product says about itself.
package struct SQLiteSummary: Sendable {
    package var applicationID: Int64
    package var version: Int64
    package var pageBytes: Int64
    package var pages: Int64
    package var tables: [(name: String, rows: Int64?)]
    package var report: [String]

    /// - Parameter scratch: a folder for a copy; with it SQLite's log counts too.
    package init(_ path: String, scratch: String) throws(JadeError) {
        let copy = try SQLiteCopy(of: path, scratch: scratch)
        let view = try SQLiteView(copy.path, immutable: false)
        applicationID = try view.integer("PRAGMA application_id") ?? 0
        version = try view.integer("PRAGMA user_version") ?? 0
        pageBytes = try view.integer("PRAGMA page_size") ?? 0
        pages = try view.integer("PRAGMA page_count") ?? 0
        report = try view.integrity()
        tables = []
        let names = try view.statement("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        while try names.step() {
            guard let name = names.text(0) else { continue }
            let quoted = name.replacing("\"", with: "\"\"")
            tables.append((name, try? view.integer("SELECT count(*) FROM \"\(quoted)\"")))
        }
    }

    package var isMetadata: Bool { applicationID == Int64(ShardMetadataSchema.applicationID) }
    package var isCatalog: Bool { applicationID == Int64(CatalogSchema.applicationID) }
    package var knownVersion: Int64 { Int64(isMetadata ? ShardMetadataSchema.version : CatalogSchema.version) }
}

/// A mark file's content.
package struct MarkSummary: Sendable {
    package var salts: UInt64
    package var length: UInt64
    package var sequence: UInt64

    /// - Parameter path: of the mark itself, `<database>-mark`.
    package init(_ path: String) throws(JadeError) {
        guard path.hasSuffix("-mark"), let mark = try CheckpointMark.read(of: String(path.dropLast(5)), ReadOnlyFileSystem()) else {
            throw .invalidArgument("\"\(path)\" is not named as a mark beside its database, <database>-mark")
        }
        (salts, length, sequence) = (mark.salts, mark.length, mark.sequence)
    }
}
