import JadeAPI
import JadeClient
import JadeCore
import JadeServer
import Testing

/// Vectors of texts by their letters: near for texts of the same letters. What is made of a provider is tested in JadeEmbeddingTests.
struct LetterEmbedding: EmbeddingService {
    var providers = ["letters", "long"]

    func embed(_ texts: [String], with provider: String) async throws(JadeError) -> [[Float]] {
        guard providers.contains(provider) else { throw .notFound("there is no embedding provider \(provider.debugDescription)") }
        return texts.map { text in
            let vowels = Float(text.filter { "aeiou".contains($0) }.count)
            return provider == "long" ? [vowels, 0, 0] : [vowels, Float(text.count) - vowels]
        }
    }
}

@Suite("Texts in the place of values")
struct TextRouteTests {
    private func run(_ body: (LiveServer) async throws -> Void) async throws {
        try await LiveServer.run(embeddings: LetterEmbedding()) { server in
            for (name, provider) in [("docs", "letters"), ("wrong", "long"), ("gone", "missing")] {
                let answer = try await server.send(
                    "POST", "/v1/databases", #"{"name":"\#(name)","dimension":2,"metric":"euclidean","embedding":"\#(provider)"}"#)
                #expect(answer.status == 201, "\(answer.text)")
                #expect(answer["embedding"] == .string(provider))
            }
            try await server.createDatabase("plain")
            try await body(server)
        }
    }

    @Test("are stored and found")
    func roundTrip() async throws {
        try await run { server in
            let path = "/v1/databases/docs"
            let upsert = try await server.send(
                "POST", "\(path)/vectors", #"{"vectors":[{"id":1,"text":"aeiou"},{"id":2,"values":[9,9]},{"id":3,"text":"xyz","metadata":{"n":1}}]}"#)
            #expect(upsert["upserted"] == 3, "\(upsert.text)")
            #expect(try await server.send("POST", "\(path)/vectors", #"{"id":4,"text":"ab"}"#)["upserted"] == 1)
            #expect(try await server.send("PUT", "\(path)/vectors/5", #"{"text":"abab","ttl_seconds":60}"#)["upserted"] == 1)
            #expect(try await server.send("GET", "\(path)/vectors/1")["values"] == [5, 0])
            #expect(try await server.send("GET", "\(path)/vectors/5")["values"] == [2, 2])
            let found = try await server.send("POST", "\(path)/search", #"{"text":"abcdefg","top_k":1,"filter":{"n":{"$exists":false}}}"#)
            #expect(found["results.0.id"] == "5", "\(found.text)")
            let batch = try await server.send("POST", "\(path)/search/batch", #"{"searches":[{"text":"zzz","top_k":1},{"id":2,"top_k":1},{"values":[9,9],"top_k":1}]}"#)
            #expect(batch["responses.0.results.0.id"] == 3 && batch["responses.2.results.0.id"] == 2, "\(batch.text)")
        }
    }

    @Test("go through the Swift client", arguments: [JadeClient.Encoding.frames, .json])
    func client(_ encoding: JadeClient.Encoding) async throws {
        try await run { server in
            var options = JadeClient.Options()
            options.encoding = encoding
            let client = try JadeClient(url: server.base, options: options)
            let name = try VectorID("ä")
            let stored = try await client.upsert(
                [TextRecord(id: 1, text: "aeiou", metadata: ["n": 7]), TextRecord(id: name, text: "xyz", expiry: .after(seconds: 600))], into: "docs")
            #expect(stored.count == 2)
            #expect(try await client.vectors([1, name], in: "docs", parts: [.values]).map(\.values) == [[5, 0], [0, 3]])
            let field = try FieldPath("n")
            let found = try await client.search(text: "abe", in: "docs") {
                $0.filter = .isIn(field, [.integer(7)])
                $0.parts = [.metadata]
            }
            #expect(found.results.map(\.id) == [1] && found.results.map(\.metadata) == [["n": 7]])
            #expect(try await client.embed(["ab", "aa"], with: "letters") == [[1, 1], [2, 0]])
            await #expect(throws: JadeError.self) { try await client.search(text: "a", in: "plain") }
            try await client.shutdown()
        }
    }

    @Test("what does not fit is refused, and nothing is stored")
    func refusals() async throws {
        try await run { server in
            let cases: [(path: String, body: String, says: String)] = [
                ("plain/vectors", #"{"id":1,"text":"a"}"#, "400 database \"plain\" names no embedding provider"),
                ("plain/search", #"{"text":"a"}"#, "400 database \"plain\" names no embedding provider"),
                ("wrong/vectors", #"{"id":1,"text":"a"}"#, "400 embedding provider \"long\" gives 3 dimensions, database \"wrong\" expects 2"),
                ("gone/vectors", #"{"id":1,"text":"a"}"#, "404 there is no embedding provider \"missing\""),
                ("docs/vectors", #"{"id":1,"text":"a","values":[1,2]}"#, "400 vector has both"), ("docs/vectors", #"{"id":1,"text":3}"#, "400 \"text\" is an integer"),
                ("docs/search", #"{"id":1,"text":"a"}"#, "400 search has \"text\" beside"), ("docs/search", "{}", "400 \"values\", \"id\" or \"text\" is missing"),
            ]
            for one in cases {
                let answer = try await server.send("POST", "/v1/databases/\(one.path)", one.body)
                #expect(answer.problem?.hasPrefix(one.says) == true, "\(answer.text)")
            }
            for name in ["docs", "wrong", "gone", "plain"] {
                #expect(try await server.send("GET", "/v1/databases/\(name)/vectors/count")["count"] == 0)
            }
        }
    }

    @Test("POST /v1/embeddings speaks as OpenAI's does")
    func embeddings() async throws {
        try await run { server in
            let one = try await server.send("POST", "/v1/embeddings", #"{"model":"letters","input":"abc"}"#)
            #expect(one["data.0.embedding"] == [1, 2] && one["object"] == "list" && one["model"] == "letters")
            let many = try await server.send("POST", "/v1/embeddings", #"{"model":"letters","input":["a","bb"],"encoding_format":"float"}"#)
            #expect(many["data.1.embedding"] == [0, 2] && many["data.1.index"] == 1)
            #expect(try await server.send("POST", "/v1/embeddings", #"{"model":"x","input":"a"}"#).status == 404)
            #expect(try await server.send("POST", "/v1/embeddings", #"{"model":"letters","input":[]}"#).status == 400)
        }
        try await LiveServer.run { server in
            let answer = try await server.send("POST", "/v1/embeddings", #"{"model":"x","input":"a"}"#)
            #expect(answer.problem == "404 this server has no embedding provider: set embedding.providers")
        }
    }
}
