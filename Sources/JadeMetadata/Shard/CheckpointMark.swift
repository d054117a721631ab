import JadeCore
import JadeIO

/// Remembers, in the file `<database>-mark`, how far SQLite's log reached when the last checkpoint began.
///
/// Recovery wants the database as of its last checkpoint, so it drops SQLite's log. One moment forbids that: while a
/// checkpoint copies pages, the database file alone is neither old nor new, and only with the log is it whole. The mark
/// is made durable before the copying begins and names the log by its salts, which SQLite changes whenever it starts
/// the log over, that is after a complete checkpoint. So a log with the mark's salts is kept up to the marked length,
/// and any other is dropped.
///
/// 40 bytes, little-endian: magic "JADEMARK" @0, log's salts @8 (8 bytes as they stand in the log), length u64 @16,
/// applied sequence u64 @24, FNV-1a 64 of bytes 0..<32 @32.
struct CheckpointMark: Equatable {
    var salts: UInt64
    /// Bytes of the log that belong to committed transactions.
    var length: UInt64
    var sequence: UInt64

    private static let magic = [UInt8]("JADEMARK".utf8)
    private static let byteCount = 40
    private static let logHeaderBytes = 32

    static func path(of database: String) -> String { database + "-mark" }

    /// The salts of SQLite's log, bytes 16..<24 of its header (https://www.sqlite.org/fileformat2.html#the_write_ahead_log);
    /// nil where there is no log.
    static func salts(ofLog path: String, _ files: any FileSystem) throws(JadeError) -> UInt64? {
        guard try files.fileSize(path) ?? 0 >= logHeaderBytes else { return nil }
        let log = try files.openAppendFile(path, create: false)
        defer { log.close() }
        var header = [UInt8](repeating: 0, count: logHeaderBytes)
        let count = try header.withUnsafeMutableBufferPointer { (bytes) throws(JadeError) in
            try log.read(at: 0, into: UnsafeMutableRawBufferPointer(bytes))
        }
        return count == logHeaderBytes ? number(header[16..<24]) : nil
    }

    /// The mark of a database, nil when it never had a checkpoint.
    static func read(of database: String, _ files: any FileSystem) throws(JadeError) -> CheckpointMark? {
        let path = path(of: database)
        guard try files.fileExists(path) else { return nil }
        let bytes = try files.readFile(path, limit: byteCount)
        guard bytes.count == byteCount, bytes.starts(with: magic) else {
            throw .corrupted(file: path, offset: 0, expected: "\(byteCount) bytes that begin with JADEMARK", found: "\(bytes.count) bytes")
        }
        guard number(bytes[32..<40]) == checksum(bytes[0..<32]) else {
            throw .corrupted(
                file: path, offset: 32, expected: "checksum \(checksum(bytes[0..<32]))", found: "\(number(bytes[32..<40]))")
        }
        return CheckpointMark(salts: number(bytes[8..<16]), length: number(bytes[16..<24]), sequence: number(bytes[24..<32]))
    }

    func write(of database: String, _ files: any FileSystem) throws(JadeError) {
        var bytes = Self.magic
        for value in [salts, length, sequence] { bytes += Self.bytes(value) }
        bytes += Self.bytes(Self.checksum(bytes[...]))
        try files.replaceFile(Self.path(of: database), with: bytes)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func bytes(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
