import Foundation
import JadeAPI
import JadeCore
import JadeGRPC
import JadeREST
import Testing

@Suite("The manual's page on security", .serialized)
struct SecurityPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    private static let page = root.appending(path: "docs/security.md")

    /// With `JADE_RENDER=1` the tables are written instead of compared.
    @Test("has the tables of the routes and roles there are", arguments: [
        ("routes", PermissionTable.routes(Routes.all)), ("methods", PermissionTable.methods(GRPCDoor.needs)), ("roles", PermissionTable.roles),
    ])
    func tables(name: String, rendered: String) throws {
        let (begin, end) = ("<!-- \(name): generated -->\n", "\n<!-- end of \(name) -->")
        var text = try String(contentsOf: Self.page, encoding: .utf8)
        let from = try #require(text.range(of: begin)?.upperBound), to = try #require(text.range(of: end)?.lowerBound)
        if ProcessInfo.processInfo.environment["JADE_RENDER"] == "1" {
            text.replaceSubrange(from..<to, with: rendered)
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        } else {
            #expect(text[from..<to] == rendered, "run the tests once with JADE_RENDER=1 and commit docs/security.md")
        }
    }

    @Test("names tests that exist for every mitigation")
    func tests() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let model = try #require(text.components(separatedBy: "## Threats").last?.components(separatedBy: "\n## ").first)
        let rows = model.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(rows.count >= 15)
        var sources = ""
        let files = try #require(FileManager.default.enumerator(at: Self.root.appending(path: "Tests"), includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "swift" { sources += try String(contentsOf: file, encoding: .utf8) }
        for row in rows {
            let suites = row.matches(of: #/`(\w+Tests)\.(\w+)`/#)
            #expect(!suites.isEmpty || row.contains("no test"), "\(row)")
            for suite in suites {
                #expect(sources.contains("struct \(suite.1) ") || sources.contains("struct \(suite.1):"), "\(suite.1)")
                #expect(sources.contains("func \(suite.2)("), "\(suite.1).\(suite.2)")
            }
        }
    }
}
