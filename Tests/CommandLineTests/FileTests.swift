import Foundation
import JadeTestSupport
import Testing

@Suite("Files of vectors are read, and damaged ones refused")
struct FileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func check(_ path: String, _ more: String...) async throws -> Program.Outcome {
        try await Program.run(["import", "docs", path, "--dry-run", "--output", "json"] + more)
    }

    @Test("what holds vectors")
    func readable() async throws {
        let sample = SampleRows(count: 7, dimension: 5)
        let bytes = Array(0..<UInt8(20))
        let files: [(String, [UInt8], String)] = [
            ("a.fvecs", sample.fvecs, #"{"vectors":7,"dimension":5}"#), ("a.npy", sample.npy, #"{"vectors":7,"dimension":5}"#),
            ("a.bvecs", SampleRows.bytes(Int32(20)) + bytes, #"{"vectors":1,"dimension":20}"#),
            ("half.npy", npy("<f2", "(2, 5)", bytes), #"{"vectors":2,"dimension":5}"#),
            ("bytes.npy", npy("|u1", "(4, 5)", bytes), #"{"vectors":4,"dimension":5}"#),
            ("signed.npy", npy("|i1", "(5, 4)", bytes), #"{"vectors":5,"dimension":4}"#),
            ("a.jsonl", Array("{\"id\":1,\"values\":[1,2]}\r\n\n{\"id\":\"b\",\"values\":[3,4.5],\"metadata\":{}}".utf8), #"{"vectors":2,"dimension":2}"#),
        ]
        for (name, content, expected) in files {
            let outcome = try await check(folder.write(name, content))
            #expect(outcome.status == 0, "\(name): \(outcome.errors)")
            #expect(outcome.output == expected + "\n", "\(name)")
        }
    }

    @Test("packed files, whole and cut")
    func packed() async throws {
        let path = try folder.write("a.npy", SampleRows(count: 500, dimension: 16).npy)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gzip.arguments = ["gzip", path]
        try gzip.start()
        gzip.waitUntilExit()
        #expect(try await check(path + ".gz").output == "{\"vectors\":500,\"dimension\":16}\n")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
        let cut = try await check(folder.write("cut.npy.gz", Array(whole.prefix(whole.count / 2))))
        #expect(cut.status == 1)
        #expect(cut.errors.contains("is not a whole gzip file"))
    }

    static let damaged: [(String, [UInt8], String)] = {
        let sample = SampleRows(count: 3, dimension: 4)
        var longer = sample.fvecs
        longer[20] = 5
        return [
            ("cut.fvecs", sample.fvecs.dropLast(), "no multiple of its rows of 20 bytes"), ("empty.fvecs", [], "is empty"),
            ("negative.fvecs", [255, 255, 255, 255, 0, 0, 0, 0], "first row has -1 numbers, expected 1 to 65536"),
            ("huge.fvecs", [0, 0, 0, 127, 0, 0, 0, 0], "expected 1 to 65536"),
            ("ragged.fvecs", longer, "row 1 has 5 numbers, the rows before have 4"),
            ("cut.npy", sample.npy.dropLast(), "holds 47 bytes of numbers, its header promises 48"),
            ("text.npy", Array("hello, world".utf8), "does not begin as a .npy file does"), ("short.npy", [0x93], "bytes before"),
            ("header.npy", [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 255], "the limit is 65536"),
            ("fortran.npy", FileTests.npyStatic("<f4", "(1, 2)", fortran: "True"), "column by column"),
            ("big.npy", FileTests.npyStatic(">f4", "(1, 2)"), "numbers of type >f4"),
            ("flat.npy", FileTests.npyStatic("<f4", "(2,)"), "expected rows and columns"),
            ("overflow.npy", FileTests.npyStatic("<f4", "(9223372036854775807, 2)"), "claims"),
            ("nan.npy", FileTests.npyStatic("<f4", "(1, 2)", data: SampleRows.bytes(Float.nan) + SampleRows.bytes(Float(1))), "expected finite numbers"),
            ("a.jsonl", Array("{\"id\":1,\"values\":[1]}\n{\"id\":2,\"values\":[1,}".utf8), "line 2: "),
            ("b.jsonl", Array("{\"id\":1,\"values\":[1]}\n{\"id\":2,\"values\":[1,2]}".utf8), "has 2 numbers, the ones before have 1"),
            ("a.txt", [1], "of no known kind"),
        ]
    }()

    @Test("what is damaged", arguments: damaged.indices)
    func refused(_ index: Int) async throws {
        let (name, content, reason) = Self.damaged[index]
        let outcome = try await check(folder.write(name, content))
        #expect(outcome.status == 1, "\(name): \(outcome.output)")
        #expect(outcome.errors.contains(reason), "\(name): \(outcome.errors)")
        #expect(outcome.errors.contains(name) || outcome.errors.contains("vector "))
    }

    @Test("a file that is not there: exit code 3")
    func missing() async throws {
        #expect(try await check(folder.path("none.fvecs")).status == 3)
        let npy = try folder.write("a.npy", SampleRows(count: 2, dimension: 2).npy)
        #expect(try await check(npy, "--metadata", folder.path("none.jsonl")).status == 3)
    }

    @Test("metadata has to have a line for each row")
    func metadata() async throws {
        let sample = SampleRows(count: 3, dimension: 2)
        let npy = try folder.write("a.npy", sample.npy)
        let lines = try folder.write("a.jsonl", sample.metadata)
        #expect(try await check(npy, "--metadata", lines, "--id-field", "name").status == 0)
        let short = try folder.write("short.jsonl", "{}\n{}\n")
        #expect(try await check(npy, "--metadata", short).errors.contains("has 2 lines, there are more rows than that"))
        let long = try folder.write("long.jsonl", sample.metadata + "{}\n")
        #expect(try await check(npy, "--metadata", long).errors.contains("more lines than there are rows, which are 3"))
        #expect(try await check(npy, "--metadata", lines, "--id-field", "even").errors.contains("no string or unsigned integer"))
        #expect(try await check(npy, "--metadata", lines, "--id-field", "none").errors.contains("no metadata field \"none\""))
        #expect(try await check(npy, "--id-field", "name").errors.contains("pass --metadata too"))
    }

    @Test("flipped bytes never crash the reader")
    func flipped() async throws {
        var generator = SplitMix(state: 20_261_122)
        let sample = SampleRows(count: 3, dimension: 4)
        for (name, whole) in [("f.fvecs", sample.fvecs), ("f.npy", sample.npy)] {
            for _ in 0..<20 {
                var bytes = whole
                bytes[generator.below(min(bytes.count, 128))] ^= UInt8(1 << generator.below(8))
                if generator.below(2) == 0 { bytes.removeLast(generator.below(bytes.count)) }
                let outcome = try await check(folder.write(name, bytes))
                #expect(!outcome.wasSignalled && outcome.status <= 1, "\(bytes)")
            }
        }
    }

    private func npy(_ type: String, _ shape: String, _ data: [UInt8]) -> [UInt8] { Self.npyStatic(type, shape, data: data) }

    private static func npyStatic(_ type: String, _ shape: String, fortran: String = "False", data: [UInt8] = []) -> [UInt8] {
        let header = Array("{'descr': '\(type)', 'fortran_order': \(fortran), 'shape': \(shape), }\n".utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + data
    }
}
