package import JadeCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ServerConfiguration {
    /// Where the file is looked for when none is named; the first that exists is read, and there need not be one.
    package static let usualFiles = ["config/jadevectordb.conf", "/etc/jadevectordb/jadevectordb.conf"]
    /// Names the file where no flag does.
    package static let fileVariable = "JADEVECTORDB_CONFIG"

    /// Reads the file and resolves all settings.
    ///
    /// - Parameters:
    ///   - path: The file that a flag named. One that is named, here or in `JADEVECTORDB_CONFIG`, must exist.
    ///   - flags: See ``Sources/flags``.
    ///   - environment: The process's own unless given.
    package static func load(
        file path: String? = nil, flags: [String: String] = [:],
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(JadeError) -> ServerConfiguration {
        let named = path ?? environment[fileVariable]
        let chosen = named ?? usualFiles.first { FileManager.default.fileExists(atPath: $0) }
        let file = try chosen.map { path throws(JadeError) in try IniFile(contentsOf: path) }
        return try ServerConfiguration(resolving: Sources(file: file, environment: environment, flags: flags))
    }
}

extension IniFile {
    package init(contentsOf path: String) throws(JadeError) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw .invalidArgument("configuration file \(path) does not exist")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .invalidArgument("configuration file \(path) cannot be read as UTF-8 text")
        }
        try self.init(text, path: path)
    }
}
