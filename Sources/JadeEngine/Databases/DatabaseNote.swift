internal import JadeAPI
internal import JadeCore
internal import JadeIO
internal import JadeJSON
internal import JadeKernels
internal import JadeMetadata

/// `database.json`: what the catalog knows of a database, once more in the database's own folder, so that a catalog that is
/// damaged or gone can be made again. Nobody reads it as long as there is a catalog. `docs/formats/database-json.md`.
enum DatabaseNote {
    static let version = 1
    private static let maximumBytes = 64 << 10

    static func path(_ directory: String) -> String { "\(directory)/database.json" }

    static func write(_ entry: CatalogEntry, in directory: String, _ files: any FileSystem) throws(JadeError) {
        try files.replaceFile(path(directory), with: encoded(entry))
    }

    /// Nil where there is none; corrupted when its checksum says so.
    static func read(in directory: String, _ files: any FileSystem) throws(JadeError) -> CatalogEntry? {
        let path = path(directory)
        guard try files.fileExists(path) else { return nil }
        let bytes = try files.readFile(path, limit: maximumBytes)
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")), bytes.count == end + 10 else {
            throw .corrupted(file: path, offset: bytes.count, expected: "a line of JSON and one with its checksum", found: "the file's end")
        }
        let (line, sum) = (Array(bytes[..<end]), String(decoding: bytes[(end + 1)..<(end + 9)], as: UTF8.self))
        guard sum == checksum(line) else {
            throw .corrupted(file: path, offset: end + 1, expected: "checksum \(checksum(line))", found: sum)
        }
        do throws(JadeError) { return try WireJSON.decode(Content.self, from: line).entry } catch {
            throw .corrupted(file: path, offset: 0, expected: "what a catalog knows of a database", found: error.message)
        }
    }

    private static func encoded(_ entry: CatalogEntry) -> [UInt8] {
        let line = WireJSON.encode(Content(entry: entry))
        return line + [UInt8(ascii: "\n")] + checksum(line).utf8 + [UInt8(ascii: "\n")]
    }

    /// Eight hexadecimal digits.
    private static func checksum(_ bytes: [UInt8]) -> String {
        let digits = String(bytes.withUnsafeBytes { CRC32C.checksum($0) }, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// `{"version","id","created_at","database":{…}}`.
    private struct Content: WireDecodable, WireEncodable {
        var entry: CatalogEntry

        init(entry: CatalogEntry) { self.entry = entry }

        init(json: JSONElement) throws(JadeError) {
            var (version, id, created): (Int64?, String?, Int64?) = (nil, nil, nil)
            var specification: DatabaseSpecification?
            guard let members = json.members else { throw .corrupted("expected an object") }
            for (key, value) in members {
                switch key.string {
                case "version": version = value.int64
                case "id": id = value.string
                case "created_at": created = value.int64
                case "database": specification = try DatabaseSpecification(json: value)
                default: break
                }
            }
            guard version == Int64(DatabaseNote.version), let id, let created, let specification else {
                throw .corrupted("expected version \(DatabaseNote.version), id, created_at and database")
            }
            entry = CatalogEntry(id: id, specification: specification, createdAtMilliseconds: created)
            try entry.validate()
        }

        func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.key("version")
            writer.integer(DatabaseNote.version)
            writer.key("id")
            writer.string(entry.id)
            writer.key("created_at")
            writer.integer(Int(entry.createdAtMilliseconds))
            writer.key("database")
            entry.specification.write(to: &writer)
            writer.endObject()
        }
    }
}
