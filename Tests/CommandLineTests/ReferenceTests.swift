import Foundation
import JadeTestSupport
import Testing

@Suite("The committed page of commands is what the program says")
struct ReferenceTests {
    static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/commands.md")

    /// With `JADE_RENDER=1` the page is written instead of compared.
    @Test func commands() async throws {
        let outcome = try await Program.run("command-reference")
        #expect(outcome.status == 0)
        if ProcessInfo.processInfo.environment["JADE_RENDER"] == "1" {
            try outcome.output.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == outcome.output, "run the tests once with JADE_RENDER=1 and commit docs/commands.md")
    }

    @Test("a shell learns every command", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) async throws {
        let outcome = try await Program.run("completion", shell)
        #expect(outcome.status == 0)
        for word in ["database", "import", "schedule", "ef-search"] { #expect(outcome.output.contains(word), "\(word)") }
        #expect(try await Program.run("completion", "tcsh").status == 2)
    }
}
