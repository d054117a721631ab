import Foundation
import JadeTestSupport
import Testing

@Suite("inspect, verify and repair")
struct CheckTests {
    @Test("what does not exist, is foreign or asked wrongly has its exit code")
    func refusals() async throws {
        let folder = try TemporaryFolder()
        let absent = try await Program.run("verify", folder.path("none"))
        #expect(absent.status == 3)
        #expect(absent.errors.contains("there is no folder"))
        #expect(try await Program.run("repair", folder.path("none")).status == 3)
        try Data("hello".utf8).write(to: URL(fileURLWithPath: folder.path("note.txt")))
        let foreign = try await Program.run("inspect", folder.path("note.txt"))
        #expect(foreign.status == 1)
        #expect(foreign.errors.contains("is none of this program's files: it begins with 68 65 6c 6c"))
        #expect(try await Program.run("inspect", folder.path("note.txt"), "--limit", "-1").status == 2)
        #expect(try await Program.run("inspect", folder.path("none")).status == 3)
    }

    @Test("a folder in use is refused, a closed one is sound, a damaged one is named and repaired")
    func story() async throws {
        let server = try await RunningServer()
        let data = server.folder.path("data")
        #expect(try await server.run("database", "create", "docs", "--dimension", "2", "--metric", "euclidean").status == 0)
        let rows = server.folder.path("rows.jsonl")
        let lines = (1...20).map { "{\"id\":\($0),\"values\":[\($0),1],\"metadata\":{}}\n" }.joined()
        try Data(lines.utf8).write(to: URL(fileURLWithPath: rows))
        #expect(try await server.run("import", "docs", rows).status == 0)
        let used = try await Program.run("verify", data)
        #expect(used.status == 1)
        #expect(used.errors.contains("is locked"))
        let online = try await server.run("verify")
        #expect(online.status == 0)
        #expect(online.output == "sound\n")
        let job = try await server.run("verify", "--database", "docs", "--bytes-per-second", "1000000", "--output", "json")
        #expect(job.status == 0)
        #expect(job.output.contains("\"state\":\"done\""))
        #expect(job.output.contains("\"database\":\"docs\""))
        #expect(try await server.run("verify", "--database", "none").status == 3)
        #expect(try await Program.run("verify", data, "--url", "http://127.0.0.1:1").status == 2)
        #expect(try await server.run("database", "show", "docs").output.contains("log to replay"))
        #expect(try await server.stop() == 0)

        let sound = try await Program.run("verify", data)
        #expect(sound.status == 0)
        #expect(sound.output.contains("docs: 20 vectors, closed"))
        let id = try #require(try FileManager.default.contentsOfDirectory(atPath: data + "/databases").first)
        let vectors = "\(data)/databases/\(id)/vectors.mmap"
        let inspected = try await Program.run("inspect", vectors, "--limit", "2", "--output", "json")
        #expect(inspected.output.contains("\"vector count\":20"))

        var bytes = try Data(contentsOf: URL(fileURLWithPath: vectors))
        bytes[4_096 + 64 + 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: vectors))
        let damaged = try await Program.run("verify", data)
        #expect(damaged.status == 1)
        #expect(damaged.output.contains("\(vectors) at offset 4112: expected checksum"))
        let planned = try await Program.run("repair", data, "--dry-run")
        #expect(planned.status == 0)
        #expect(planned.output.contains("turn back the one flipped bit of \"1\""))
        #expect(try await Program.run("verify", data).status == 1)
        #expect(try await Program.run("repair", data).status == 0)
        let json = try await Program.run("verify", data, "--output", "json")
        #expect(json.status == 0)
        #expect(json.output.hasPrefix("{\"sound\":true"))
    }
}
