internal import Foundation
package import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeMetadata
internal import JadeStorage

/// Tells what any file of a data directory is by its first bytes, and what it says.
package enum FileInspector {
    /// - Parameters:
    ///   - path: a file, or the folder of a saved index.
    ///   - limit: rows or log records that are listed.
    /// - Throws: `notFound`; `invalidArgument` for a file that is none of ours; `unavailable` for a newer format;
    ///   `corrupted` where so much is damaged that nothing can be said.
    package static func inspect(_ path: String, limit: Int) throws(JadeError) -> FileInspection {
        let files = ReadOnlyFileSystem()
        guard try files.fileExists(path) else { throw .notFound("there is no file \"\(path)\"") }
        if try files.isDirectory(path) {
            guard try files.fileExists("\(path)/header") else {
                throw .invalidArgument("\"\(path)\" is a folder, and not that of a saved index: name a file, or verify the data directory")
            }
            return index(path)
        }
        let magic = try beginning(of: path, files)
        switch String(decoding: magic.prefix(4), as: UTF8.self) {
        case _ where magic.starts(with: "JADEMARK".utf8): return try mark(path)
        case _ where magic.starts(with: "SQLite format 3\0".utf8): return try sqlite(path)
        case "JADE": return try MemoryMappedVectorStore.inspect(path, limit: limit)
        case "JIDS": return try MemoryMappedVectorStore.inspectLongIDs(path)
        case "JWAL": return try LogSurvey.inspect(path, limit: limit)
        case "JMAN": return try ShardManifest.inspect(path)
        case "JMSM": return try MetadataSumFile.inspect(path)
        case "JHNW", "JIVF": return index(parentDirectory(of: path))
        case "JSCL": return try scales(path)
        default:
            let bytes = magic.prefix(4).map { String($0, radix: 16) }.joined(separator: " ")
            throw .invalidArgument(
                "\"\(path)\" is none of this program's files: it begins with \(magic.isEmpty ? "nothing" : bytes), expected the magic of rows (JADE), "
                    + "long ids (JIDS), a log segment (JWAL), a manifest (JMAN), a checksum of metadata (JMSM), a saved index (JHNW, JIVF), scales (JSCL), a checkpoint mark "
                    + "(JADEMARK) or an SQLite file")
        }
    }

    private static func beginning(of path: String, _ files: ReadOnlyFileSystem) throws(JadeError) -> [UInt8] {
        let file = try files.openAppendFile(path, create: false)
        var failure: JadeError?
        let bytes = [UInt8](unsafeUninitializedCapacity: 16) { buffer, count in
            do throws(JadeError) { count = try file.read(at: 0, into: UnsafeMutableRawBufferPointer(buffer)) } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    private static func scales(_ path: String) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("scales", path)
        let summary = try ScalesFile.check(path)
        inspection.add("version", ScalesFile.version)
        inspection.add("sequence", summary.sequence)
        inspection.add("rows", summary.rows)
        return inspection
    }

    private static func mark(_ path: String) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("checkpoint mark", path)
        let mark = try MarkSummary(path)
        inspection.add("salts of SQLite's log", "0x" + String(mark.salts, radix: 16))
        inspection.add("log bytes", mark.length)
        inspection.add("applied sequence", mark.sequence)
        return inspection
    }

    private static func sqlite(_ path: String) throws(JadeError) -> FileInspection {
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        let scratch = "\(temporary)/jade-check-\(SystemRandomSource().uniqueID())"
        let summary = try SQLiteSummary(path, scratch: scratch)
        guard summary.isMetadata || summary.isCatalog else {
            throw .invalidArgument(
                "\"\(path)\" is an SQLite file of another program: its application id is 0x\(String(summary.applicationID, radix: 16))")
        }
        guard summary.version <= summary.knownVersion else {
            throw .unavailable(
                "\(path) has format version \(summary.version), this program reads up to \(summary.knownVersion): use a newer one")
        }
        var inspection = FileInspection(summary.isMetadata ? "metadata" : "catalog", path)
        inspection.add("version", summary.version)
        inspection.add("pages", summary.pages)
        inspection.add("page bytes", summary.pageBytes)
        if summary.isMetadata {
            let view = try MetadataView(path, at: .checkpoint, scratch: scratch + "-checkpoint")
            inspection.add("applied sequence at the checkpoint", try view.appliedSequence())
            let latest = try MetadataView(path, at: .latest, scratch: scratch + "-latest")
            inspection.add("applied sequence with SQLite's log", try latest.appliedSequence())
        }
        for line in summary.report {
            inspection.findings.add(path, expected: "an integrity check without findings", found: line)
        }
        var listing = FileInspection.Listing("tables", columns: ["table", "rows"])
        for table in summary.tables { listing.rows.append([.string(table.name), table.rows.map { .integer($0) } ?? .null]) }
        listing.total = summary.tables.count
        inspection.listing = listing
        return inspection
    }
}
