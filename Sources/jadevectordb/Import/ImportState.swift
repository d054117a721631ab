import Foundation
import JadeCore

/// How far an import came, kept so that the same command goes on there.
///
/// One small file below `$XDG_STATE_HOME/jadevectordb`, named after all that makes two imports the same: the database's id
/// and the file's place, size and time of change, and the options that shape its vectors. It goes away when the import is done.
struct ImportState {
    private let path: URL

    init(database: String, file: String, options: Records.Options) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        let parts: [String] = [
            database, URL(fileURLWithPath: file).standardizedFileURL.path, "\(attributes?[.size] ?? 0)",
            "\((attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)", options.metadata ?? "", options.idField ?? "",
            "\(options.firstID)", "\(options.normalize)",
            options.expiry.map { "\($0)" } ?? "",
        ]
        path = Self.folder.appendingPathComponent("import-\(Self.digest(parts.joined(separator: "\0")))")
    }

    /// Vectors from the front that are stored already.
    var done: Int {
        (try? String(contentsOf: path, encoding: .utf8)).flatMap { Int($0.split(separator: "\n").first ?? "") } ?? 0
    }

    /// Best effort: without it an import that is repeated begins at the front, which stores the same vectors again.
    func save(done: Int) {
        try? FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try? Data("\(done)\n".utf8).write(to: path, options: .atomic)
    }

    func forget() { try? FileManager.default.removeItem(at: path) }

    private static var folder: URL { StateFolder.url }

    /// FNV-1a of 64 bits, http://www.isthe.com/chongo/tech/comp/fnv: a name for a file, nothing secret.
    private static func digest(_ text: String) -> String {
        let hash = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
