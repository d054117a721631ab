import Foundation
import JadeTestSupport
import Testing

@Suite("What make run shows", .timeLimit(.minutes(5)))
struct DemoTests {
    static let sample = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("examples/packages").path

    @Test("loads the sample, searches it, measures itself, and finds it loaded the next time")
    func demo() async throws {
        let folder = try TemporaryFolder()
        let arguments = ["demo", "--once", "--port", "0", "--data-directory", folder.path("data"), "--sample", Self.sample]
        let first = try await Program.run(arguments)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("loaded 8,000 packages"))
        let filtered = try #require(first.output.components(separatedBy: "only section net and under 500 KiB").last)
        #expect(filtered.contains("tcpstat"))
        let recall = try #require(first.output.firstMatch(of: #/over 200 queries: (\d\.\d+)/#).flatMap { Double($0.1) })
        #expect(recall >= 0.95)
        #expect(first.output.contains("curl -s http://127.0.0.1:"))

        let second = try await Program.run(arguments)
        #expect(second.status == 0 && !second.output.contains("loaded 8,000") && second.output.contains("tcpstat"))
    }

    @Test("says where it looked for the sample")
    func missing() async throws {
        let outcome = try await Program.run("demo", "--once", "--port", "0", "--sample", "/nonexistent")
        #expect(outcome.status == 3 && outcome.errors.contains("pass --sample"))
    }
}
