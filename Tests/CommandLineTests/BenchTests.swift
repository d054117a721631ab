import Foundation
import JadeCore
import JadeJSON
import JadeTestSupport
import Testing

@Suite("Measuring an index")
struct BenchTests {
    @Test("flat finds everything, a graph nearly; each point is one line of JSON", arguments: ["flat", "hnsw", "ivf"])
    func points(_ kind: String) async throws {
        let folder = try TemporaryFolder()
        let base = try folder.write("base.npy", SampleRows(count: 600, dimension: 12).npy)
        let queries = try folder.write("queries.fvecs", SampleRows(count: 25, dimension: 12, seed: 2).fvecs)
        let outcome = try await Program.run(
            "bench", "index", "--base", base, "--queries", queries, "--metric", "euclidean", "--index", kind, "--ef", "20,200", "--nprobe", "20,40",
            "--seconds", "0")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == (kind == "flat" ? 1 : 2))
        for line in lines {
            let point = try MetadataJSON.decode(Array(line.utf8))
            #expect(point["index"] == .string(kind) && point["rows"] == 600 && point["dimension"] == 12 && point["top_k"] == 10)
            guard case .double(let recall) = point["recall"], case .double(let rate) = point["queries_per_second"],
                case .double(let bytes) = point["bytes_per_vector"], case .double = point["build_seconds"]
            else {
                Issue.record("\(line)")
                continue
            }
            #expect(recall >= (kind == "flat" ? 1 : 0.9) && recall <= 1 && rate > 0 && bytes >= 48)
        }
    }

    @Test("the truth decides, and one that does not fit is refused")
    func truth() async throws {
        let folder = try TemporaryFolder()
        let base = try folder.write("base.npy", SampleRows(count: 50, dimension: 4).npy)
        let queries = try folder.write("q.npy", SampleRows(count: 2, dimension: 4, seed: 3).npy)
        // Rows that do not exist are never found.
        let wrong = (0..<2).flatMap { _ in SampleRows.bytes(Int32(10)) + (1_000..<1_010).flatMap { SampleRows.bytes(Int32($0)) } }
        let arguments = ["bench", "index", "--base", base, "--queries", queries, "--metric", "cosine", "--ef", "50", "--seconds", "0", "--truth"]
        let outcome = try await Program.run(arguments + [folder.write("wrong.ivecs", wrong)])
        #expect(outcome.output.contains("\"recall\":0.0"))
        let short = SampleRows.bytes(Int32(1)) + SampleRows.bytes(Int32(0))
        let refused = try await Program.run(arguments + [folder.write("short.ivecs", short)])
        #expect(refused.status == 1 && refused.errors.contains("needed are 10 of 2"))
    }

    @Test("a batch finds the true neighbours with codes and without, -1 where there are too few rows", arguments: [[], ["--coded"]])
    func batch(_ coded: [String]) async throws {
        let folder = try TemporaryFolder()
        let (rows, queries) = (SampleRows(count: 300, dimension: 20), SampleRows(count: 9, dimension: 20, seed: 2))
        let (queryFile, answers) = (try folder.write("queries.npy", queries.npy), try folder.write("answers", []))
        let arguments = ["bench", "batch", "--queries", queryFile, "--metric", "euclidean", "--rounds", "2", "--answers", answers] + coded
        let outcome = try await Program.run(arguments + ["--base", folder.write("base.npy", rows.npy)])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let points = try outcome.output.split(separator: "\n").map { try MetadataJSON.decode(Array($0.utf8)) }
        #expect(points.count == 2 && points.allSatisfy { $0["rows"] == 300 && $0["queries"] == 9 && $0["coded"] == .bool(!coded.isEmpty) })
        let nearest = queries.rows.flatMap { query in
            let distances = rows.rows.map { row in zip(query, row).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
            return distances.indices.sorted { distances[$0] < distances[$1] }.prefix(10).map(Int32.init)
        }
        #expect(try Self.ordinals(answers) == nearest)
        let few = try folder.write("few.npy", SampleRows(count: 3, dimension: 20).npy)
        #expect(try await Program.run(arguments + ["--base", few]).status == 0)
        #expect(try Self.ordinals(answers).filter { $0 == -1 }.count == 9 * 7)
    }

    private static func ordinals(_ path: String) throws -> [Int32] {
        try Data(contentsOf: URL(fileURLWithPath: path)).withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self)) }
        }
    }

    @Test("kernels are reported, and an impossible level is an error")
    func kernels() async throws {
        let report = try await Program.run("kernels", "--json")
        #expect(report.status == 0)
        let members = try MetadataJSON.decode(Array(report.output.utf8))
        guard case .array(let kernels) = members["kernels"], case .string = members["level"] else {
            Issue.record("\(report.output)")
            return
        }
        #expect(kernels.count > 5)
        #expect(try await Program.run("kernels").output.contains("level in use"))
        let serial = try await Program.run(["kernels", "--json"], environment: ["JADE_SIMD_LEVEL": "serial"])
        #expect(serial.output.contains("\"level\":\"serial\""))
        let impossible = try await Program.run(["kernels"], environment: ["JADE_SIMD_LEVEL": "mmx"])
        #expect(impossible.status == 1 && impossible.errors.contains("mmx"))
    }
}
