import GRDBSQLite
import JadeCore
import JadeIO

/// A connection that reads one SQLite file and leaves it, and all that lies beside it, as it is.
///
/// `immutable` reads the database file alone: neither log nor locks are looked at or made. Otherwise SQLite's log counts
/// too, and its helpers are written: for copies only.
final class SQLiteView {
    let path: String
    private var connection: OpaquePointer?

    init(_ path: String, immutable: Bool) throws(JadeError) {
        self.path = path
        let flags = (immutable ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_URI
        let code = sqlite3_open_v2(Self.uri(path) + (immutable ? "?immutable=1" : ""), &connection, flags, nil)
        if code != SQLITE_OK {
            let error = failure(code, "open")
            sqlite3_close_v2(connection)
            connection = nil
            throw error
        }
        try execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON")
    }

    deinit { sqlite3_close_v2(connection) }

    /// What has a meaning of its own in a URI is escaped.
    private static func uri(_ path: String) -> String {
        var escaped = "file:"
        for scalar in path.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "?": escaped += "%3f"
            case "#": escaped += "%23"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    private func execute(_ sql: String) throws(JadeError) {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        if code != SQLITE_OK { throw failure(code, "prepare") }
    }

    private func failure(_ code: Int32, _ doing: String) -> JadeError {
        let reason = connection.map { String(cString: sqlite3_errmsg($0)) } ?? "no memory"
        return JadeError(ErrorCode(sqlite: code), "\(path): cannot \(doing): \(reason) (SQLite error \(code))")
    }

    func statement(_ sql: String) throws(JadeError) -> Statement {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v2(connection, sql, -1, &handle, nil)
        guard code == SQLITE_OK, let handle else { throw failure(code, "read") }
        return Statement(handle, self)
    }

    /// The first integer that a query gives.
    func integer(_ sql: String) throws(JadeError) -> Int64? {
        let statement = try statement(sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// SQLite's own check of the file's structure; empty if it finds nothing.
    func integrity() throws(JadeError) -> [String] {
        let statement = try statement("PRAGMA integrity_check(20)")
        var report: [String] = []
        while try statement.step() { report.append(statement.text(0) ?? "an unreadable report") }
        return report == ["ok"] ? [] : report
    }

    /// A compiled query and the row it stands on.
    final class Statement {
        private let handle: OpaquePointer
        private let view: SQLiteView

        fileprivate init(_ handle: OpaquePointer, _ view: SQLiteView) {
            self.handle = handle
            self.view = view
        }

        deinit { sqlite3_finalize(handle) }

        /// Ready to run again with this number.
        func rebind(_ value: Int64) {
            sqlite3_reset(handle)
            sqlite3_bind_int64(handle, 1, value)
        }

        /// On to the next row; false behind the last.
        func step() throws(JadeError) -> Bool {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: return true
            case SQLITE_DONE: return false
            case let code: throw view.failure(code, "read")
            }
        }

        func integer(_ column: Int32) -> Int64? {
            sqlite3_column_type(handle, column) == SQLITE_INTEGER ? sqlite3_column_int64(handle, column) : nil
        }

        func bytes(_ column: Int32) -> [UInt8]? {
            guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
            let start = sqlite3_column_blob(handle, column)
            return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
        }

        func text(_ column: Int32) -> String? { bytes(column).flatMap { String(validating: $0, as: UTF8.self) } }
    }
}

/// A copy of a database file with its log, removed with the object.
final class SQLiteCopy {
    let path: String
    private let directory: String

    /// - Parameters:
    ///   - scratch: a folder that this makes.
    ///   - logBytes: as much of SQLite's log comes along; nil takes all.
    init(of path: String, scratch: String, logBytes: Int? = nil) throws(JadeError) {
        let files = LocalFileSystem()
        directory = scratch
        self.path = scratch + "/copy.db"
        try files.createDirectory(scratch)
        try Self.copy(path, to: self.path, bytes: nil, files)
        if try files.fileExists(path + "-wal") { try Self.copy(path + "-wal", to: self.path + "-wal", bytes: logBytes, files) }
    }

    deinit { try? LocalFileSystem().removeTree(directory) }

    private static func copy(
        _ source: String, to target: String, bytes: Int?, _ files: LocalFileSystem
    ) throws(JadeError) {
        let input = try ReadOnlyFileSystem().openAppendFile(source, create: false)
        let output = try files.openAppendFile(target, create: true)
        defer { output.close() }
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset = 0
        let end = min(input.size, bytes ?? input.size)
        while offset < end {
            var failure: JadeError?
            let count = buffer.withUnsafeMutableBytes { raw -> Int in
                let piece = UnsafeMutableRawBufferPointer(rebasing: raw.prefix(end - offset))
                do throws(JadeError) { return try input.read(at: offset, into: piece) } catch { failure = error }
                return 0
            }
            if let failure { throw failure }
            if count == 0 { break }
            try output.write(Array(buffer.prefix(count)))
            offset += count
        }
    }
}
