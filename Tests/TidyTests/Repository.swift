import Foundation

/// The repository's own text files, found from where this source stands.
struct Repository {
    struct File {
        /// Relative to the root, with `/`.
        let path: String
        let text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        var components: [Substring] { path.split(separator: "/") }
        /// Made by a program: scripts/generate-proto.sh.
        var isGenerated: Bool { components.contains("Generated") }
    }

    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What no commit holds: built, downloaded or written by a running server.
    private static let ignored: Set<String> = [".git", ".build", "build", ".venv", "data", "__pycache__", ".swiftpm"]

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    static func topLevel() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.path)
            .filter { !ignored.contains($0) && !$0.hasPrefix(".build") }.sorted()
    }

    /// Every file below `folder` (the root when empty) whose name ends in one of the extensions.
    static func files(under folder: String = "", extensions: Set<String>) throws -> [File] {
        let start = folder.isEmpty ? root : root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: start.path) else { return [] }
        var files: [File] = []
        for case let name as String in walk {
            let parts = name.split(separator: "/")
            guard !parts.contains(where: { ignored.contains(String($0)) || $0.hasPrefix(".build") }) else {
                if parts.count == 1 { walk.skipDescendants() }
                continue
            }
            guard let dot = name.lastIndex(of: "."), extensions.contains(String(name[name.index(after: dot)...])) else { continue }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            files.append(File(path: path, text: try text(path)))
        }
        return files.sorted { $0.path < $1.path }
    }

    static func swiftSources() throws -> [File] { try files(under: "Sources", extensions: ["swift"]) }
    static func swiftTests() throws -> [File] { try files(under: "Tests", extensions: ["swift"]) }
    static func cSources() throws -> [File] { try files(under: "CSources", extensions: ["c", "h", "cpp", "hpp"]) }
}
