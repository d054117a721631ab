import GRDB
import GRDBSQLite

/// A prepared statement at the level of SQLite's C interface: no arguments object, no row object, no copies of what is
/// bound. About half of GRDB's time per row, where there are thousands of rows in one transaction.
///
/// The statement lives in the connection's cache, so it is valid as long as the block that got the connection runs.
struct RawStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer?

    init(_ db: Database, _ sql: String) throws {
        handle = try db.cachedStatement(sql: sql).sqliteStatement
        connection = db.sqliteConnection
    }

    func bind(_ index: Int32, _ value: Int64) throws {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    /// Binds UTF-8 text without copying it: the bytes must stay until the statement has run.
    func bind(_ index: Int32, text: UnsafeBufferPointer<UInt8>) throws {
        guard let base = text.baseAddress, !text.isEmpty else {
            // Without an address SQLite would bind NULL.
            return try check(sqlite3_bind_text(handle, index, "", 0, Self.copied))
        }
        try check(sqlite3_bind_text(handle, index, UnsafeRawPointer(base).assumingMemoryBound(to: CChar.self), Int32(text.count), nil))
    }

    /// Runs a statement that returns nothing, and makes it ready to run again.
    func run() throws {
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw failure(code) }
        sqlite3_reset(handle)
    }

    /// Calls the body for every row until it returns false, and makes the statement ready to run again.
    func forEachRow(_ body: (borrowing RawRow) throws -> Bool) throws {
        defer { sqlite3_reset(handle) }
        while true {
            let code = sqlite3_step(handle)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw failure(code) }
            guard try body(RawRow(handle)) else { return }
        }
    }

    /// SQLITE_TRANSIENT, which Swift does not import.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw failure(code) }
    }

    private func failure(_ code: Int32) -> DatabaseError {
        let error = DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: connection.map { String(cString: sqlite3_errmsg($0)) })
        sqlite3_reset(handle)
        return error
    }
}

/// The row a statement stands on: gone with its next step.
struct RawRow: ~Copyable {
    private let handle: OpaquePointer

    fileprivate init(_ handle: OpaquePointer) { self.handle = handle }

    /// The integer in a column, nil where the file holds something else.
    func integer(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_INTEGER ? sqlite3_column_int64(handle, column) : nil
    }

    /// The bytes of the text in a column, nil where the file holds something else; valid during the call only.
    func withText<R>(_ column: Int32, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return try body(nil) }
        let start = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
