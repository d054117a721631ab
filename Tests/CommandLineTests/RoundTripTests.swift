import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeJSON
import JadeTestSupport
import Testing

@Suite("Against a running server", .timeLimit(.minutes(5)))
struct RoundTripTests {
    @Test("create, import, search, export, import again")
    func roundTrip() async throws {
        let server = try await RunningServer()
        let sample = SampleRows(count: 250, dimension: 8)
        let rows = try server.folder.write("rows.npy", sample.npy)
        let lines = try server.folder.write("rows.jsonl", sample.metadata)
        let imported = try await server.run(
            "import", "docs", rows, "--metadata", lines, "--id-field", "name", "--create", "--metric", "euclidean", "--batch", "30")
        #expect(imported.status == 0, "\(imported.errors)")
        #expect(imported.output.hasPrefix("imported 250 vectors into docs"))
        #expect(try await server.run("vector", "count", "docs").output == "250\n")
        #expect(try await server.run("vector", "count", "docs", "--filter", #"{"even":true}"#).output == "125\n")

        let found = try await server.run("search", "docs", "--file", rows, "--row", "17", "--top-k", "3", "--output", "json")
        let response = try WireJSON.decode(SearchResponse.self, from: Array(found.output.utf8))
        #expect(response.results.first?.id.text == "row-17")
        #expect(response.results.first?.score == 0)
        #expect(response.results.first?.metadata == ["number": 17, "even": false])
        #expect(response.results.count == 3)

        let exported = server.folder.path("out.jsonl")
        #expect(try await server.run("export", "docs", "--file", exported, "--batch", "77").status == 0)
        #expect(try await server.run("database", "create", "copy", "--dimension", "8", "--metric", "euclidean").status == 0)
        #expect(try await server.run("import", "copy", exported).status == 0)
        let again = try await server.run("export", "copy")
        #expect(again.output == (try String(contentsOfFile: exported, encoding: .utf8)))
        #expect(again.output.split(separator: "\n").count == 250)
        #expect(try await server.stop() == 0)
    }

    @Test("times to live come from --ttl and --retention, and survive export and import")
    func expiry() async throws {
        let server = try await RunningServer()
        let lines = try server.folder.write(
            "lines.jsonl",
            Array(#"""
            {"id":"a","values":[1,0]}
            {"id":"b","values":[0,1],"expires_at":"2999-01-01T00:00:00.000Z"}
            {"id":"c","values":[1,1],"expires_at":"2001-01-01T00:00:00Z"}
            {"id":"d","values":[1,2],"expires_at":"never"}
            """#.utf8))
        let created = try await server.run("database", "create", "docs", "--dimension", "2", "--retention", "30d", "--output", "json")
        #expect(created.output.contains(#""retention_seconds":2592000"#), "\(created.errors)")
        #expect(try await server.run("import", "docs", lines, "--ttl", "12h").status == 0)
        #expect(try await server.run("vector", "count", "docs").output == "3\n")
        let exported = try await server.run("export", "docs").output.split(separator: "\n").map(String.init)
        #expect(exported.count == 3)
        #expect(exported[0].contains("expires_at") && !exported[0].contains("2999") && !exported[2].contains("expires_at"))
        #expect(exported[1] == #"{"id":"b","values":[0,1],"metadata":{},"expires_at":"2999-01-01T00:00:00.000Z"}"#)
        let path = try server.folder.write("out.jsonl", Array(exported.joined(separator: "\n").utf8))
        #expect(try await server.run("database", "create", "copy", "--dimension", "2").status == 0)
        #expect(try await server.run("import", "copy", path).status == 0)
        #expect(try await server.run("export", "copy").output.split(separator: "\n").map(String.init) == exported)
        let kept = try await server.run("database", "update", "docs", "--retention", "0", "--output", "json")
        #expect(kept.status == 0 && !kept.output.contains("retention"))
        let refused = try await server.run("import", "docs", lines, "--ttl", "soon")
        #expect(refused.status != 0 && refused.errors.contains("--ttl"))
        #expect(try await server.stop() == 0)
    }

    @Test("export as an array gives the same values back")
    func arrays() async throws {
        let server = try await RunningServer()
        let sample = SampleRows(count: 20, dimension: 3)
        let rows = try server.folder.write("rows.fvecs", sample.fvecs)
        #expect(try await server.run("import", "docs", rows, "--create", "--metric", "dot", "--first-id", "100").status == 0)
        let out = server.folder.path("out.npy")
        #expect(try await server.run("export", "docs", "--file", out).status == 0)
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: out)))
        // Ids of three digits sort as their numbers do, so the order is the file's.
        #expect(Array(bytes.dropFirst(128)) == sample.rows.joined().flatMap(SampleRows.bytes))
        let ids = try String(contentsOfFile: server.folder.path("out.ids.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(ids.count == 20 && ids[0].contains("\"id\":100"))
    }

    @Test("tables for people, exit codes for scripts")
    func verbs() async throws {
        let server = try await RunningServer()
        #expect(try await server.run("database", "list").errors.contains("there is no database yet"))
        #expect(try await server.run("database", "create", "docs", "--dimension", "2").status == 0)
        #expect(try await server.run("database", "create", "docs", "--dimension", "2").status == 1)
        let list = try await server.run("database", "list").output.split(separator: "\n")
        #expect(list.count == 2 && list[0].hasPrefix("NAME") && list[1].hasPrefix("docs"))
        #expect(try await server.run("database", "show", "nothing").status == 3)
        #expect(try await server.run("database", "update", "docs", "--ef-search", "99").output.contains("ef_search 99"))
        #expect(try await server.run("status").output.contains("databases"))

        let lines = try server.folder.write("v.jsonl", "{\"id\":\"a\",\"values\":[1,0],\"metadata\":{\"n\":1}}\n{\"id\":7,\"values\":[0,1]}\n")
        #expect(try await server.run("import", "docs", lines).status == 0)
        #expect(try await server.run("vector", "get", "docs", "a", "7").status == 0)
        let missing = try await server.run("vector", "get", "docs", "a", "b")
        #expect(missing.status == 3 && missing.output.contains("{\"n\":1}") && missing.errors.contains("b"))
        let search = try await server.run("search", "docs", "--values", "[1, 0.1]", "--fields", "n", "--explain")
        #expect(search.output.contains("STRATEGY") || search.output.contains("strategy"))
        let wrong = try await server.run("search", "docs", "--values", "[1, 2, 3]")
        #expect(wrong.status == 1 && wrong.errors.contains("3 dimensions"))
        #expect(try await server.run("vector", "delete", "docs", "a", "zzz").output == "deleted 1 of 2 vectors\n")
        #expect(try await server.run("vector", "count", "docs", "--output", "json").output == "{\"count\":1}\n")

        let kept = try await server.run("database", "delete", "docs")
        #expect(kept.status == 1 && kept.errors.contains("--yes"))
        #expect(try await server.run("database", "delete", "docs", "--yes").status == 0)
        #expect(try await server.run("database", "show", "docs").status == 3)
    }

    @Test("an import that failed goes on where it stopped")
    func resume() async throws {
        let server = try await RunningServer()
        let state = ["XDG_STATE_HOME": server.folder.path("state")]
        let good = (0..<60).map { "{\"id\":\($0),\"values\":[\($0),1]}" }
        // Same size and no time to change: the file is mended in place by one character.
        let path = try server.folder.write("v.jsonl", (good + ["{\"id\":60,\"values\":[60,1,1]}"]).joined(separator: "\n"))
        #expect(try await server.run("database", "create", "docs", "--dimension", "2").status == 0)
        let failed = try await server.run("import", "docs", path, "--batch", "20", "--parallel", "1", environment: state)
        #expect(failed.status == 1)
        #expect(failed.errors.contains("vectors 60 to 60: "))
        #expect(try await server.run("vector", "count", "docs").output == "60\n")
        let again = try await server.run("import", "docs", path, "--batch", "20", "--parallel", "1", environment: state)
        #expect(again.errors.contains("going on after 60 vectors"))
        let restarted = try await server.run("import", "docs", path, "--restart", environment: state)
        #expect(!restarted.errors.contains("going on"))
    }
}
