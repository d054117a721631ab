package import JadeCore

import GRDB
import GRDBSQLite

extension JadeError {
    /// What SQLite reports, as one of our codes, with the file and SQLite's own words.
    init(_ error: any Error, path: String, while doing: String) {
        switch error {
        case let error as JadeError: self = error
        case let error as DatabaseError:
            let extended = error.extendedResultCode.rawValue
            let reason = error.message ?? "no message"
            self.init(ErrorCode(sqlite: extended), "\(path): cannot \(doing): \(reason) (SQLite error \(extended))")
        case let error as RowDecodingError: self = .corrupted("\(path): cannot \(doing): \(error)")
        case is CancellationError: self = .cancelled("\(path): the caller gave up before it could \(doing)")
        default: self = .internal("\(path): cannot \(doing): \(error)")
        }
    }
}

extension ErrorCode {
    /// What a caller should do about an SQLite result code, primary or extended.
    package init(sqlite code: Int32) {
        switch code {
        case SQLITE_IOERR | (2 << 8), SQLITE_IOERR | (32 << 8), SQLITE_IOERR | (33 << 8):  // short read, bad checksum, damaged file system
            self = .corrupted
        case SQLITE_IOERR | (12 << 8), SQLITE_IOERR | (19 << 8): self = .resourceExhausted  // no memory, no room for the log's index
        default: self.init(sqlitePrimary: code & 0xFF)
        }
    }

    private init(sqlitePrimary code: Int32) {
        switch code {
        case SQLITE_FULL, SQLITE_NOMEM: self = .resourceExhausted
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_MISMATCH, SQLITE_SCHEMA: self = .corrupted
        case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH, SQLITE_PROTOCOL,
            SQLITE_NOLFS:
            self = .unavailable
        case SQLITE_TOOBIG: self = .tooLarge
        case SQLITE_INTERRUPT, SQLITE_ABORT: self = .cancelled
        default: self = .internal
        }
    }
}
