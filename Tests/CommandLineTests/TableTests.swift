import Foundation
import JadeTestSupport
import Testing

@Suite("Tables, statistics, the doctor and curl", .timeLimit(.minutes(5)))
struct TableTests {
    private static func python(has module: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["JADEVECTORDB_PYTHON"] ?? "python3", "-c", "import \(module)"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// The interpreter that the tests found their modules in.
    private static var environment: [String: String] {
        ProcessInfo.processInfo.environment.filter { $0.key == "JADEVECTORDB_PYTHON" }
    }

    static let csv = """
        id,v0,v1,kind,price,note
        apple,0.9,0.1,fruit,2,"red, round"
        7,0.8,0.3,fruit,3.5,
        hammer,0,0.9,tool,15,

        """

    @Test("CSV in and out", .enabled(if: python(has: "csv")))
    func csv() async throws {
        let server = try await RunningServer()
        let table = try server.folder.write("things.csv", Array(Self.csv.utf8))
        let imported = try await server.run("import", "things", table, "--values-column", "v*", "--create", "--metric", "euclidean", environment: Self.environment)
        #expect(imported.status == 0, "\(imported.errors)")
        let found = try await server.run("search", "things", "--values", "0.9 0.1", "--top-k", "1", "--output", "json", "--metadata")
        #expect(found.output.contains(#""id":"apple""#) && found.output.contains(#""note":"red, round""#), "\(found.errors)\(found.output)")
        #expect(try await server.run("vector", "count", "things", "--filter", #"{"price":{"$lt":4}}"#).output == "2\n")
        let out = server.folder.path("out.csv")
        #expect(try await server.run("export", "things", "--file", out, environment: Self.environment).status == 0)
        let again = try await server.run("import", "again", out, "--create", "--metric", "euclidean", environment: Self.environment)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try await server.run("export", "again").output == (try await server.run("export", "things").output))
        let bad = try server.folder.write("bad.csv", Array("id,values\na,1 2\nb,1 x\n".utf8))
        let refused = try await server.run("import", "things", bad, environment: Self.environment)
        #expect(refused.status == 1 && refused.errors.contains("line 3"), "\(refused.errors)")
        #expect(try await server.run("import", "things", bad, "--values-column", "q", environment: Self.environment).errors.contains("there is no column q"))
        #expect(try await server.stop() == 0)
    }

    @Test("Parquet and HDF5 in and out", .enabled(if: python(has: "pyarrow, h5py")), arguments: ["parquet", "h5"])
    func binaryTables(ending: String) async throws {
        let server = try await RunningServer()
        let table = try server.folder.write("things.csv", Array(Self.csv.utf8))
        _ = try await server.run("import", "things", table, "--values-column", "v*", "--create", "--metric", "euclidean", environment: Self.environment)
        let out = server.folder.path("out.\(ending)")
        let exported = try await server.run("export", "things", "--file", out, environment: Self.environment)
        #expect(exported.status == 0, "\(exported.errors)")
        let again = try await server.run("import", "again", out, "--create", "--metric", "euclidean", environment: Self.environment)
        #expect(again.status == 0, "\(again.errors)")
        let found = try await server.run("search", "again", "--values", "0.8 0.3", "--top-k", "1", "--output", "json")
        #expect(found.output.contains(#""score":0"#), "\(found.output)\(found.errors)")
        #expect(try await server.run("vector", "count", "again").output == "3\n")
        #expect(try await server.stop() == 0)
    }

    @Test("stats and doctor tell what is there")
    func stats() async throws {
        let server = try await RunningServer()
        _ = try await server.run("database", "create", "docs", "--dimension", "4")
        let stats = try await server.run("stats")
        #expect(stats.status == 0 && stats.output.contains("docs") && stats.output.contains("4 f32 cosine"), "\(stats.output)")
        #expect(try await server.run("stats", "docs", "--output", "json").output.hasPrefix(#"{"databases":[{"id":"#))
        #expect(try await server.run("stats", "nobody").status == 3)
        let doctor = try await server.run("doctor", "--data-directory", server.folder.path("data"))
        #expect(doctor.status == 0, "\(doctor.output)")
        for word in ["processor:", "open files:", "data directory:", "server: http", "database docs: 0 vectors, all well"] {
            #expect(doctor.output.contains(word), "\(doctor.output)")
        }
        let file = try server.folder.write("file", [])
        let ill = try await Program.run("doctor", "--url", "http://127.0.0.1:1", "--data-directory", file)
        #expect(ill.status == 1 && ill.output.contains("BAD   server: no server answers") && ill.output.contains("BAD   data directory"), "\(ill.output)")
        #expect(try await Program.run("doctor", "--no-server", "--output", "json").output.hasPrefix(#"{"findings":[{"#))
        #expect(try await server.stop() == 0)
    }

    @Test("--curl prints requests that a shell can send", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")))
    func curl() async throws {
        let server = try await RunningServer()
        _ = try await server.run("database", "create", "docs", "--dimension", "2")
        let found = try await server.run("search", "docs", "--values", "1 2", "--filter", #"{"it's":"o'clock"}"#, "--curl", "--output", "json")
        let line = try #require(found.errors.split(separator: "\n").first { $0.hasPrefix("curl ") }).description
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.standardOutput = output
        try process.run()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(answer + "\n" == found.output, "\(line)")
        let backups = try await server.run("backup", "list", "--curl")
        #expect(backups.errors.contains("curl -sS '\(server.url)/v1/backups'"), "\(backups.errors)")
        #expect(try await server.stop() == 0)
    }

    @Test("a server under load is measured by percentiles")
    func load() async throws {
        let server = try await RunningServer()
        let sample = SampleRows(count: 200, dimension: 8)
        let rows = try server.folder.write("rows.npy", sample.npy)
        _ = try await server.run("import", "docs", rows, "--create", "--metric", "euclidean")
        for more in [[], ["--binary"], ["--binary", "--rate", "200"]] as [[String]] {
            let measured = try await Program.run(
                ["bench", "server", "docs", "--queries", rows, "--seconds", "0.5", "--connections", "2"] + more, environment: ["JADEVECTORDB_URL": server.url])
            #expect(measured.status == 0, "\(measured.errors)")
            let numbers = measured.output.matches(of: #/"(p50|p90|p99|p99.9|max)":(\d+)/#).compactMap { Int($0.2) }
            #expect(numbers.count == 5 && numbers == numbers.sorted() && numbers[0] > 0, "\(measured.output)")
        }
        #expect(try await server.stop() == 0)
    }
}
