import Foundation
import JadeCore
import JadeGRPC
import JadeProto
import NIOCore
import NIOHPACK
import Synchronization
import Testing

@Suite("Calls that are not as they should be get a clear status")
struct BadCallTests {
    static let search = "/jadevectordb.v1.SearchService/Search"
    static let upsert = "/jadevectordb.v1.VectorService/Upsert"
    static let upsertStream = "/jadevectordb.v1.VectorService/UpsertStream"

    /// A door with the database `docs` of two dimensions.
    static func withDocs(
        _ body: (LiveDoor, RawCalls, MemoryService) async throws -> Void
    ) async throws {
        let service = MemoryService()
        _ = try await service.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .euclidean))
        try await LiveDoor.run(service) {
            $0.maximumMessageBytes = 10_000
        } _: { live in
            let raw = try await RawCalls.open(port: live.port)
            try await body(live, raw, service)
            await raw.close()
        }
    }

    static func upsertMessage(_ id: UInt64 = 1, dimension: Int = 2) -> ProtoUpsertRequest {
        ProtoUpsertRequest([VectorRecord(id: VectorID(id), values: [Float](repeating: 1, count: dimension))], into: "docs")
    }

    @Test("what is not gRPC is refused in HTTP's terms")
    func notGRPC() async throws {
        try await Self.withDocs { _, raw, _ in
            let json = try await raw.call(Self.search, [], replacing: ["content-type": "application/json"])
            #expect(json.http == "415")
            let web = try await raw.call(Self.search, [], replacing: ["content-type": "application/grpc-web"])
            #expect(web.http == "415")
            #expect(try await raw.call(Self.search, [], replacing: [":method": "GET"]).http == "405")
        }
    }

    @Test("conditions that cannot be kept are refused, and those that do not hold say so")
    func conditions() async throws {
        try await Self.withDocs { _, raw, service in
            var two = ProtoUpsertRequest([VectorRecord(id: 1, values: [1, 1]), VectorRecord(id: 2, values: [1, 1])], into: "docs")
            two.condition = ProtoCondition(.absent)
            try await #expect(raw.call(Self.upsert, two).message == "condition is given for 2 vectors, expected 1")
            var empty = Self.upsertMessage()
            empty.condition = ProtoCondition()
            try await #expect(raw.call(Self.upsert, empty).message == "condition is empty, expected exists or versions")
            var held = Self.upsertMessage()
            held.condition = ProtoCondition(.absent)
            try await #expect(raw.call(Self.upsert, held).status == .ok)
            let refused = try await raw.call(Self.upsert, held)
            #expect(refused.status == .failedPrecondition && refused.message.hasPrefix("vector \"1\" exists already"), "\(refused.message)")
            #expect(service.vectorCount(of: "docs") == 1)
        }
    }

    @Test("headers that ask for what there is not")
    func headers() async throws {
        try await Self.withDocs { _, raw, _ in
            let unknown = try await raw.call("/jadevectordb.v1.SearchService/Find", [])
            #expect(unknown.status == .unimplemented)
            #expect(unknown.message == #"there is no method "/jadevectordb.v1.SearchService/Find""#)
            let encoded = try await raw.call(Self.search, [], headers: [("grpc-encoding", "deflate")])
            #expect(encoded.status == .unimplemented)
            #expect(encoded.trailers.first(name: "grpc-accept-encoding") == "gzip,identity")
            for timeout in ["", "5", "S", "123456789S", "-1S", "1 S", "1x"] {
                let late = try await raw.call(Self.search, [], headers: [("grpc-timeout", timeout)])
                #expect(late.status == .invalidArgument, "\(timeout)")
            }
        }
    }

    @Test("messages that are cut off, too many, too large or nothing", .timeLimit(.minutes(10)))
    func framing() async throws {
        try await Self.withDocs { _, raw, service in
            let good = try RawCalls.framed(Self.upsertMessage())
            #expect(try await raw.call(Self.upsert, Array(good.dropLast())).message == "the call ended in the middle of a message")
            #expect(try await raw.call(Self.upsert, Array(good.prefix(3))).status == .internal)
            #expect(try await raw.call(Self.upsert, good + good).message == "the call has more than one message, expected one")
            #expect(try await raw.call(Self.upsert, []).message == "the call ended without a message")
            let compressed = try await raw.call(Self.upsert, [1] + good.dropFirst())
            #expect(compressed.status == .internal)
            #expect(try await raw.call(Self.upsert, [7] + good.dropFirst()).message == "a message begins with 7, expected 0 or 1")
            let large = try await raw.call(Self.upsert, [0, 0, 0, 0x27, 0x11] + [UInt8](repeating: 0, count: 10_001))
            #expect(large.status == .resourceExhausted)
            #expect(large.message == "message has 10001 bytes, the limit is 10000")
            let wrong = try await raw.call(Self.upsert, [0, 0, 0, 0, 2, 0xFF, 0xFF])
            #expect(wrong.status == .invalidArgument)
            #expect(service.vectorCount(of: "docs") == 0)
            #expect(try await raw.call(Self.upsert, good).status == .ok)
            #expect(service.vectorCount(of: "docs") == 1)
        }
    }

    @Test("a message that is announced too large is refused before it has come", .timeLimit(.minutes(10)))
    func announcedTooLarge() async throws {
        try await Self.withDocs { _, raw, _ in
            for path in [Self.upsert, Self.upsertStream] {
                let open = try await raw.begin(path)
                try await open.send([0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])
                let ending = try await open.ending.get()
                #expect(ending.status == .resourceExhausted)
                #expect(ending.message == "message has 4294967295 bytes, the limit is 10000")
            }
        }
    }

    @Test("what is wrong within a message is told with its place and its code")
    func details() async throws {
        try await Self.withDocs { _, raw, _ in
            var request = Self.upsertMessage()
            request.vectors.append(ProtoVectorRecord())
            let ending = try await raw.call(Self.upsert, request, headers: [("x-request-id", "mine")])
            #expect(ending.status == .invalidArgument)
            #expect(ending.message == "vectors[1]: values or text is missing")
            let failure = try #require(StatusTrailers.failure(in: ending.trailers))
            #expect(failure.error == .invalidArgument("vectors[1]: values or text is missing"))
            let details = try #require(ending.trailers.first(name: "grpc-status-details-bin"))
            #expect(!details.contains("="))
            var both = ProtoSearchRequest(SearchRequest(query: .values([1, 2])), in: "docs")
            both.values.floats = [1, 2]
            #expect(try await raw.call(Self.search, both).message == "values has both floats and packed, expected one of them")
            both.values.floats = []
            both.values.packed.append(1)
            #expect(try await raw.call(Self.search, both).message == "values.packed has 9 bytes, expected 4 for each component")
            let missing = try await raw.call(Self.search, ProtoSearchRequest(SearchRequest(query: .values([1, 2])), in: "none"))
            #expect(missing.status == .notFound)
        }
    }

    @Test("more fields than a message can have are refused before they take memory")
    func fields() async throws {
        let service = MemoryService()
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            let empty = [UInt8](repeating: 0, count: 200_000).enumerated().map { $0.offset % 2 == 0 ? UInt8(0x12) : 0 }
            let count = UInt32(empty.count)
            let prefix: [UInt8] = [0] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
            let ending = try await raw.call(Self.upsert, prefix + empty)
            #expect(ending.message == "the message has more than 65600 fields")
            await raw.close()
        }
    }

    /// Random bytes in place of a connection, of frames and of messages: whatever comes back, the door goes on and holds nothing.
    @Test("noise on every level", .timeLimit(.minutes(10)), arguments: CongruenceTests.seeds)
    func noise(seed: UInt64) async throws {
        try await Self.withDocs { live, raw, service in
            var random = SeededRandom(seed: seed)
            for _ in 0..<200 {
                var bytes = try RawCalls.framed(Self.upsertMessage(UInt64.random(in: 0..<9, using: &random)))
                for _ in 0...Int.random(in: 0...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                let path = [Self.upsert, Self.upsertStream, Self.search][Int.random(in: 0..<3, using: &random)]
                let ending = try await raw.call(path, bytes)
                #expect(ending.status != nil && ending.http == "200", "\(bytes)")
            }
            for _ in 0..<60 {
                var bytes = (0..<Int.random(in: 1...300, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                if Bool.random(using: &random) {
                    // Past the preface: frames with a type and a length that may exist.
                    let head: [UInt8] = [0, 0, UInt8.random(in: 0...40, using: &random), UInt8.random(in: 0...10, using: &random)]
                    bytes = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0] + head + bytes
                }
                try await RawConnection.send(bytes, port: live.port)
            }
            #expect(try await raw.call(Self.search, ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs")).status == .ok)
            #expect(await eventually { live.door.bufferedBytes == 0 })
            for vector in service.state.withLock({ $0.databases[0].vectors.values }) { #expect(vector.values.count == 2) }
        }
    }
}
