import JadeTestSupport
import Testing

@Suite("Wrong use is told, and its exit code says so")
struct UsageTests {
    static let wrong: [[String]] = [
        ["nonsense"], ["search", "docs"], ["search", "docs", "--id", "a", "--values", "1"], ["search", "docs", "--id", "a", "--row", "-1"],
        ["database", "create", "docs"], ["database", "create", "docs", "--dimension", "four"],
        ["database", "create", "docs", "--dimension", "4", "--metric", "angular"], ["database", "update", "docs"],
        ["import", "docs", "x.npy", "--batch", "0"], ["import", "docs", "x.npy", "--parallel", "65"],
        ["export", "docs", "--format", "npy"], ["vector", "get", "docs", ""], ["serve", "--no-such-setting", "1"], ["serve", "--port"],
        ["serve", "stray"], ["status", "--timeout", "0"], ["status", "--output", "xml"], ["bench", "index", "--base", "x"],
        ["bench", "index", "--base", "x", "--queries", "y", "--metric", "dot", "--ef", "16,no"],
        ["bench", "batch", "--base", "x", "--queries", "y", "--metric", "dot", "--rounds", "0"],
    ]

    @Test("exit code 2, a reason and nothing on standard output", arguments: wrong)
    func usage(_ arguments: [String]) async throws {
        let outcome = try await Program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("Error: "))
    }

    @Test("a mistyped setting is guessed")
    func mistyped() async throws {
        let outcome = try await Program.run("serve", "--data-directoy", "x")
        #expect(outcome.errors.contains("did you mean --data-directory"))
    }

    @Test("no server: exit code 4, the address and what to do", arguments: [["status"], ["database", "list"], ["search", "docs", "--id", "1"]])
    func noServer(_ arguments: [String]) async throws {
        // Port 1 needs privileges to listen on and nobody does.
        let outcome = try await Program.run(arguments, environment: ["JADEVECTORDB_URL": "http://127.0.0.1:1"])
        #expect(outcome.status == 4)
        #expect(outcome.errors.contains("no server answers at http://127.0.0.1:1: start one with \"jadevectordb serve\""))
    }

    @Test("--url outranks the environment, and a wrong one is told")
    func address() async throws {
        let environment = ["JADEVECTORDB_URL": "http://127.0.0.1:1"]
        let other = try await Program.run(["status", "--url", "http://127.0.0.1:2"], environment: environment)
        #expect(other.errors.contains("http://127.0.0.1:2"))
        let wrong = try await Program.run(["status", "--url", "localhost:8080"], environment: environment)
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("expected one like \"http://127.0.0.1:8080\""))
    }

    @Test("what is wrong in itself is told without asking a server")
    func before() async throws {
        let filter = try await Program.run("search", "docs", "--id", "1", "--filter", "{\"a\":{\"$near\":1}}", "--url", "http://127.0.0.1:1")
        #expect(filter.status == 1)
        #expect(filter.errors.contains("--filter: "))
        let values = try await Program.run("search", "docs", "--values", "1, two", "--url", "http://127.0.0.1:1")
        #expect(values.status == 1)
        #expect(values.errors.contains("\"two\""))
        let dimension = try await Program.run("database", "create", "docs", "--dimension", "0", "--url", "http://127.0.0.1:1")
        #expect(dimension.status == 1)
        #expect(dimension.errors.contains("dimension is 0, expected 1 to 65536"))
    }
}
