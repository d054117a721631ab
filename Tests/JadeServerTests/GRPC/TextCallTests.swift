import JadeAPI
import JadeCore
import JadeGRPC
import JadeGRPCClient
import JadeProto
import NIOCore
import Synchronization
import Testing

@Suite("Texts in the place of values over gRPC")
struct TextCallTests {
    private static func docs(_ body: (RawCalls, MemoryService) async throws -> Void) async throws {
        try await served { live, service in
            let raw = try await RawCalls.open(port: live.port)
            try await body(raw, service)
            await raw.close()
        }
    }

    private static func served(_ body: (LiveDoor, MemoryService) async throws -> Void) async throws {
        let service = MemoryService()
        for (name, embedding) in [("docs", "letters"), ("plain", nil)] as [(String, String?)] {
            _ = try await service.createDatabase(
                DatabaseSpecification(name: name, dimension: 2, metric: .euclidean, embedding: embedding))
        }
        try await LiveDoor.run(service, configure: { $0.embeddings = LetterEmbedding() }) { live in try await body(live, service) }
    }

    private static func upsert(_ texts: [String], into database: String) -> ProtoUpsertRequest {
        var request = ProtoUpsertRequest()
        request.database = database
        request.vectors = texts.enumerated().map { number, text in
            var record = ProtoVectorRecord()
            record.id.number = UInt64(number)
            record.text = text
            return record
        }
        return request
    }

    private static func search(_ text: String) -> ProtoSearchRequest {
        var request = ProtoSearchRequest()
        (request.database, request.text, request.topK) = ("docs", text, 1)
        return request
    }

    @Test("are stored and found, alone, in a batch and in streams")
    func roundTrip() async throws {
        try await Self.docs { raw, service in
            var mixed = Self.upsert(["aeiou", "xyz"], into: "docs")
            mixed.vectors.append(ProtoVectorRecord(VectorRecord(id: 2, values: [9, 9])))
            #expect(try await raw.call(BadCallTests.upsert, mixed).status == .ok)
            #expect(try await raw.call(BadCallTests.upsertStream, Self.upsert(["aeiou"], into: "docs")).status == .ok)
            #expect(service.state.withLock { $0.databases[0].vectors[0]?.values } == [5, 0])
            #expect(service.state.withLock { $0.databases[0].vectors[1]?.values } == [0, 3])
            for path in [BadCallTests.search, StreamTests.searchStream] {
                let ending = try await raw.call(path, Self.search("zzz"))
                let answer: ProtoSearchResponse = try Framing.decode(from: try #require(ending.messages.first))
                #expect(answer.hits.map(\.id.number) == [1], "\(path) \(ending.message)")
            }
            var batch = ProtoSearchBatchRequest([SearchRequest(query: .values([9, 9]), topK: 1)], in: "docs")
            batch.searches.append(Self.search("eee"))
            let ending = try await raw.call("/jadevectordb.v1.SearchService/SearchBatch", batch)
            let answer: ProtoSearchBatchResponse = try Framing.decode(from: try #require(ending.messages.first))
            #expect(answer.responses.map { $0.hits.map(\.id.number) } == [[2], [0]])
            var embed = ProtoEmbedRequest()
            (embed.provider, embed.texts, embed.valuesForm) = ("letters", ["a", "bb"], .floats)
            let embedded = try await raw.call("/jadevectordb.v1.EmbeddingService/Embed", embed)
            let vectors: ProtoEmbedResponse = try Framing.decode(from: try #require(embedded.messages.first))
            #expect(vectors.vectors.map(\.floats) == [[1, 0], [0, 2]])
        }
    }

    @Test("the Swift client stores, finds and asks for them as the one over HTTP does")
    func client() async throws {
        try await Self.served { live, service in
            try await live.withClient { client in
                let records = ["aeiou", "xyz"].enumerated().map { TextRecord(id: VectorID(UInt64($0)), text: $1, metadata: ["letters": .string($1)]) }
                _ = try await client.upsert(records, into: "docs")
                #expect(service.state.withLock { $0.databases[0].vectors[0]?.values } == [5, 0])
                let found = try await client.search(text: "zzz", in: "docs") { ($0.topK, $0.parts) = (1, .metadata) }
                #expect(found.results.map(\.id) == [1])
                #expect(found.results.first?.metadata == ["letters": .string("xyz")])
                #expect(try await client.embed(["a", "bb"], with: "letters") == [[1, 0], [0, 2]])
                let refused = await #expect(throws: JadeError.self) { _ = try await client.upsert(records, into: "plain") }
                #expect(refused?.code == .invalidArgument)
                let unknown = await #expect(throws: JadeError.self) { _ = try await client.embed(["a"], with: "nobody") }
                #expect(unknown?.code == .notFound)
            }
        }
    }

    @Test("what does not fit is refused, and nothing is stored")
    func refusals() async throws {
        try await Self.docs { raw, service in
            let plain = try await raw.call(BadCallTests.upsert, Self.upsert(["a"], into: "plain"))
            #expect(plain.message.hasPrefix(#"database "plain" names no embedding provider"#))
            var both = Self.upsert(["a"], into: "docs")
            both.vectors[0].values = ProtoValues([1, 2])
            #expect(try await raw.call(BadCallTests.upsert, both).message == "vectors[0]: both values and text are given, expected one of them")
            let nothing = try await raw.call("/jadevectordb.v1.EmbeddingService/Embed", ProtoEmbedRequest())
            #expect(nothing.status == .invalidArgument)
            #expect(service.vectorCount(of: "docs") == 0 && service.vectorCount(of: "plain") == 0)
        }
    }
}
