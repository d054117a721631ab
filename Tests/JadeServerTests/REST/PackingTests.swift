import AsyncHTTPClient
import JadeAPI
import JadeCore
import JadeServer
import NIOCore
import NIOHTTP1
import Testing

@Suite("Packed bodies and frames over HTTP")
struct PackingTests {
    /// `{"id":"a","values":[1,2]}` as gzip and zstd made them.
    static let gzip: [UInt8] = [
        31, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 86, 202, 76, 81, 178, 82, 74, 84, 210, 81, 42, 75, 204, 41, 77, 45, 86, 178, 138, 54,
        212, 49, 138, 173, 5, 0, 140, 108, 233, 212, 25, 0, 0, 0,
    ]
    static let zstd: [UInt8] = [40, 181, 47, 253, 32, 25, 201, 0, 0] + Array(#"{"id":"a","values":[1,2]}"#.utf8)

    private func post(
        _ server: LiveServer, _ path: String, _ body: [UInt8], _ headers: [String: String]
    ) async throws -> (status: Int, headers: [String: String], body: [UInt8]) {
        var request = HTTPClientRequest(url: server.base + path)
        request.method = .POST
        request.body = .bytes(body)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        let answer = try await server.client.execute(request, timeout: .seconds(30))
        let bytes = Array(try await answer.body.collect(upTo: 1 << 26).readableBytesView)
        return (Int(answer.status.code), Dictionary(answer.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }, bytes)
    }

    @Test("gzip and zstd bodies are unpacked", arguments: [("gzip", gzip), ("x-gzip", gzip), ("zstd", zstd), ("GZIP", gzip)])
    func unpacked(coding: String, body: [UInt8]) async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let answer = try await post(server, "/v1/databases/docs/vectors", body, ["content-type": "application/json", "content-encoding": coding])
            #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
            #expect(service.vectorCount(of: "docs") == 1)
        }
    }

    @Test("what is cut, damaged or of another coding is refused, and nothing is stored", arguments: [
        ("gzip", Array(gzip.dropLast(3))), ("gzip", Array(gzip.prefix(20))), ("gzip", zstd), ("zstd", gzip), ("zstd", Array(zstd.dropLast())),
        ("gzip", gzip.map { $0 == 75 ? 74 : $0 }), ("gzip", []),
    ] as [(String, [UInt8])])
    func damaged(coding: String, body: [UInt8]) async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let answer = try await post(server, "/v1/databases/docs/vectors", body, ["content-type": "application/json", "content-encoding": coding])
            #expect(answer.status == 400)
            #expect(service.vectorCount(of: "docs") == 0)
        }
    }

    @Test("an unknown coding is 415 and says which there are")
    func unknown() async throws {
        try await LiveServer.run { server in
            let answer = try await post(server, "/v1/databases", [0], ["content-encoding": "br", "content-type": "application/json"])
            #expect(answer.status == 415)
            #expect(answer.headers["accept-encoding"] == "zstd, gzip")
        }
    }

    /// 64 MiB of spaces in a zstd frame of RLE blocks: 2,060 bytes.
    static let bomb: [UInt8] = {
        // Magic, descriptor (no content size, window of 128 KiB), then 512 RLE blocks of 128 KiB, the last one marked.
        var bytes: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38]
        for block in 0..<512 {
            let header = UInt32(131_072 << 3 | 1 << 1 | (block == 511 ? 1 : 0))
            bytes += [UInt8(header & 0xFF), UInt8(header >> 8 & 0xFF), UInt8(header >> 16), UInt8(ascii: " ")]
        }
        return bytes
    }()

    @Test("a bomb stops at the limit of a body")
    func bombs() async throws {
        try await LiveServer.run(configure: { $0.server.maximumBodyBytes = 1 << 20 }) { server in
            let answer = try await post(
                server, "/v1/databases", Self.bomb, ["content-encoding": "zstd", "content-type": "application/json"])
            #expect(answer.status == 413, "\(String(decoding: answer.body, as: UTF8.self))")
            #expect(try await server.send("GET", "/health").status == 200)
        }
    }

    @Test("answers are packed as the client accepts them", arguments: [
        ("zstd", "zstd"), ("gzip", "gzip"), ("gzip, zstd", "zstd"), ("gzip;q=1, zstd;q=0.5", "gzip"), ("*", "zstd"), ("zstd;q=0", nil),
        ("br", nil), ("identity", nil),
    ] as [(String, String?)])
    func packed(accepted: String, coding: String?) async throws {
        try await LiveServer.run { server in
            let plain = try await server.send("GET", "/v1/openapi.json")
            let answer = try await server.send("GET", "/v1/openapi.json", headers: ["accept-encoding": accepted])
            #expect(answer.headers["content-encoding"] == coding)
            #expect(answer.headers["vary"] == "accept-encoding")
            let length = try #require(answer.headers["content-length"].flatMap { Int($0) })
            #expect(coding == nil ? length == plain.text.utf8.count : length < plain.text.utf8.count / 3)
            // What is small stays as it is.
            #expect(try await server.send("GET", "/health", headers: ["accept-encoding": accepted]).headers["content-encoding"] == nil)
        }
    }

    @Test("vectors go in and come out as frames, with the same answers as JSON")
    func frames() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            let records = (0..<5).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float($0), 1], metadata: ["n": .integer(Int64($0))]) }
            let type = ["content-type": FrameType.vectors]
            let written = try await post(server, "/v1/databases/docs/vectors", try UpsertRequest(records).frame(), type)
            #expect(written.status == 200)
            let query = SearchRequest(query: .values([2.2, 1]), topK: 3, parts: [.values, .metadata])
            let frame = try #require(SearchBatchRequest([query]).frame())
            let json = try await post(server, "/v1/databases/docs/search", frame, type)
            let expected = try WireJSON.decode(SearchResponse.self, from: json.body)
            #expect(expected.results.map(\.id) == [2, 3, 1])
            let bytes = try await post(server, "/v1/databases/docs/search", frame, type.merging(["accept": FrameType.results]) { $1 })
            #expect(bytes.headers["content-type"] == FrameType.results)
            let answer = try bytes.body.withRawBytes { (raw) throws(JadeError) in try SearchBatchResponse(frame: raw) }
            #expect(answer.responses == [expected])
            let page = try await post(
                server, "/v1/databases/docs/vectors/scroll", Array(#"{"include_values":true,"limit":3}"#.utf8),
                ["content-type": "application/json", "accept": FrameType.vectors])
            let vectors = try page.body.withRawBytes { (raw) throws(JadeError) in try ScrollPage(frame: raw) }
            #expect(vectors.vectors.map(\.values) == records.prefix(3).map(\.values) && vectors.next == 2)
        }
    }

    @Test("two queries in a frame are no single search; a frame is no database")
    func misuse() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            let query = SearchRequest(query: .values([1, 1]))
            let frame = try #require(SearchBatchRequest([query, query]).frame())
            let type = ["content-type": FrameType.vectors]
            #expect(try await post(server, "/v1/databases/docs/search", frame, type).status == 400)
            #expect(try await post(server, "/v1/databases/docs/search/batch", frame, type).status == 200)
            #expect(try await post(server, "/v1/databases", frame, type).status == 415)
        }
    }

    @Test("databases page by page, in order of their names")
    func pages() async throws {
        try await LiveServer.run { server in
            for name in ["c", "a", "e", "b", "d"] { try await server.createDatabase(name) }
            let first = try await server.send("GET", "/v1/databases?limit=2")
            #expect(first["databases.0.name"] == "a" && first["databases.1.name"] == "b" && first["databases.2"] == nil)
            #expect(first["next"] == "b")
            let last = try await server.send("GET", "/v1/databases?limit=3&after=b")
            #expect(last["databases.2.name"] == "e" && last["next"] == nil)
            #expect(try await server.send("GET", "/v1/databases?limit=0").status == 400)
        }
    }
}
