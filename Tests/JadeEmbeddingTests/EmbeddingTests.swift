import JadeAPI
import JadeCore
import JadeEmbedding
import Testing

@Suite("Texts become vectors by a provider", .enabled(if: EmbeddingServer.isAvailable), .serialized)
struct EmbeddingTests {
    let server: EmbeddingServer
    /// Quick to give up, so that a test of outages is short.
    static let quick: EmbeddingSettings = {
        var settings = EmbeddingSettings()
        settings.tries = 3
        settings.backoffMilliseconds = 2
        settings.maximumBackoffMilliseconds = 4
        settings.timeoutMilliseconds = 10_000
        settings.batchSize = 4
        settings.concurrency = 2
        return settings
    }()

    init() throws { server = try EmbeddingServer() }

    private func service(_ change: (inout EmbeddingSettings) -> Void = { _ in }) -> TextEmbedding {
        var settings = Self.quick
        change(&settings)
        return TextEmbedding([server.provider()], settings: settings, environment: ["JADEVECTORDB_EMBEDDING_LOCAL_API_KEY": "s3cret"])
    }

    private func similarity(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test("texts that mean alike are near each other")
    func meaning() async throws {
        let texts = ["a network protocol analyzer", "analyzes network protocols", "recipes for apple cake"]
        let vectors = try await service().embed(texts, with: "local")
        #expect(vectors.map(\.count) == [96, 96, 96])
        #expect(similarity(vectors[0], vectors[1]) > similarity(vectors[0], vectors[2]) + 0.3)
    }

    @Test("many texts go in batches, several at a time, in the order given")
    func batches() async throws {
        try await server.misbehave("pause")
        let texts = (0..<30).map { "text number \($0) of thirty" }
        let together = try await service { $0.cacheEntries = 0 }.embed(texts, with: "local")
        let seen = try await server.seen()
        #expect(seen.batches.sorted(by: >) == [4, 4, 4, 4, 4, 4, 4, 2])
        #expect(seen.mostUnderWay == 2)
        #expect(seen.keys.allSatisfy { $0 == "Bearer s3cret" } && seen.keys.count == 8)
        try await server.behave()
        let alone = try await service { $0.cacheEntries = 0 }.embed([texts[17]], with: "local")
        #expect(together[17] == alone[0])
        try await server.misbehave("shuffled")
        #expect(try await service().embed(texts, with: "local") == together)
    }

    @Test("a text is asked for once")
    func cache() async throws {
        let service = service { $0.cacheEntries = 10 }
        let first = try await service.embed(["one", "two", "one", "one"], with: "local")
        #expect(first[0] == first[2] && first[0] != first[1])
        try await server.misbehave("500")
        #expect(try await service.embed(["two", "one"], with: "local") == [first[1], first[0]])
        #expect(try await server.seen().batches == [2])
    }

    @Test("what passes is tried again", arguments: ["500", "429", "garbage", "break", "too few", "mixed", "not a number"])
    func passing(mode: String) async throws {
        try await server.misbehave(mode, times: 2)
        #expect(try await service().embed(["one", "two"], with: "local").count == 2)
        #expect(try await server.seen().batches == [2, 2, 2])
    }

    static let failures: [(mode: String, code: ErrorCode, says: String, requests: Int)] = [
        ("500", .unavailable, "status 500", 3), ("429", .overloaded, "takes no more requests", 3),
        ("garbage", .unavailable, "not understood", 3), ("break", .unavailable, "cannot be reached", 3),
        ("too few", .unavailable, "1 embeddings for 2 texts", 3), ("mixed", .unavailable, "several dimensions", 3),
        ("401", .unavailable, "JADEVECTORDB_EMBEDDING_LOCAL_API_KEY", 1), ("400", .invalidArgument, "told to answer 400", 1),
    ]

    @Test("what does not pass is said", arguments: failures.map(\.mode))
    func failing(mode: String) async throws {
        let expected = try #require(Self.failures.first { $0.mode == mode })
        try await server.misbehave(mode)
        do throws(JadeError) {
            _ = try await service().embed(["one", "two"], with: "local")
            Issue.record("\(mode) was taken for an answer")
        } catch {
            #expect(error.code == expected.code, "\(error)")
            #expect(error.message.contains(expected.says) && error.message.contains("\"local\""), "\(error)")
            #expect(!error.message.contains("s3cret"))
        }
        #expect(try await server.seen().batches.count == expected.requests)
    }

    @Test("a slow provider is given up")
    func slow() async throws {
        try await server.misbehave("slow")
        let service = service {
            $0.timeoutMilliseconds = 50
            $0.tries = 2
        }
        await #expect(throws: JadeError.unavailable("embedding provider \"local\" did not answer within 0.05 seconds")) {
            try await service.embed(["one"], with: "local")
        }
    }

    @Test("a provider that is not there")
    func down() async throws {
        let provider = try #require(EmbeddingProvider(name: "gone", text: "http://127.0.0.1:1/v1/embeddings#m"))
        let service = TextEmbedding([provider], settings: Self.quick)
        await #expect(throws: JadeError.unavailable("embedding provider \"gone\" cannot be reached at http://127.0.0.1:1/v1/embeddings")) {
            try await service.embed(["one"], with: "gone")
        }
        await #expect(throws: JadeError.notFound("there is no embedding provider \"other\", expected one of gone")) {
            try await service.embed(["one"], with: "other")
        }
    }

    @Test("after failures in a row it is left alone, and comes back")
    func breaker() async throws {
        let service = service {
            $0.failuresUntilOpen = 3
            $0.openMilliseconds = 100
            $0.tries = 1
        }
        try await server.misbehave("500", times: 3)
        for _ in 0..<3 { await #expect(throws: JadeError.self) { try await service.embed(["one"], with: "local") } }
        await #expect(throws: JadeError.unavailable("embedding provider \"local\" has failed several times and is asked again in 1 seconds")) {
            try await service.embed(["one"], with: "local")
        }
        #expect(try await server.seen().batches.count == 3)
        try await poll { (try? await service.embed(["one"], with: "local")) != nil }
    }

    private func poll(_ body: () async throws -> Bool) async throws {
        for _ in 0..<2_000 {
            if try await body() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it never came about")
    }

    @Test("texts that no provider should see")
    func limits() async throws {
        await #expect(throws: JadeError.invalidArgument("text 1 is empty")) { try await service().embed(["a", ""], with: "local") }
        let long = String(repeating: "x", count: Limits.maximumTextBytes + 1)
        await #expect(throws: JadeError.tooLarge("text 0 has 65537 bytes, the limit is 65536")) { try await service().embed([long], with: "local") }
        #expect(try await server.seen().batches == [])
    }

    @Test("cancelling ends it")
    func cancelled() async throws {
        try await server.misbehave("slow")
        let service = service()
        let task = Task { try await service.embed(["one"], with: "local") }
        task.cancel()
        await #expect(throws: JadeError.self) { try await task.value }
    }
}

@Suite("The parts of the embedding service")
struct EmbeddingPartTests {
    @Test("the breaker opens after failures in a row, lets one try, and closes")
    func breaker() {
        var breaker = CircuitBreaker(failuresUntilOpen: 2, openNanoseconds: 100)
        #expect(breaker.request(at: 0) == .go)
        breaker.failed(at: 0)
        breaker.succeeded()
        breaker.failed(at: 1)
        #expect(breaker.request(at: 1) == .go)
        breaker.failed(at: 2)
        #expect(breaker.request(at: 50) == .wait(nanoseconds: 52))
        #expect(breaker.request(at: 102) == .go)
        #expect(breaker.request(at: 103) == .wait(nanoseconds: 100))
        breaker.failed(at: 110)
        #expect(breaker.request(at: 150) == .wait(nanoseconds: 60))
        #expect(breaker.request(at: 210) == .go)
        breaker.abandoned()
        #expect(breaker.request(at: 211) == .go)
        breaker.succeeded()
        #expect(breaker.request(at: 211) == .go && breaker.request(at: 211) == .go)
    }

    @Test("the cache keeps what was used last, and no more than it may")
    func cache() {
        var cache = EmbeddingCache(limit: 100)
        for n in 0..<1_000 {
            cache.keep([Float(n)], of: "\(n)")
            #expect(cache.values(of: "0") == [0])
            #expect(cache.count <= 100)
        }
        #expect(cache.values(of: "999") == [999] && cache.values(of: "5") == nil)
        var none = EmbeddingCache(limit: 0)
        none.keep([1], of: "a")
        #expect(none.values(of: "a") == nil)
    }

    @Test("providers are read as they are written", arguments: [
        ("a=http://h:1/v1/embeddings#m", 1), ("a=https://h/e#m, b=http://h/e#n/o:p", 2), ("", 0),
    ])
    func providers(text: String, count: Int) throws {
        let list = try #require(EmbeddingProvider.list(text))
        #expect(list.count == count)
        #expect(EmbeddingProvider.list(list.map { "\($0.name)=\($0.text)" }.joined(separator: ",")) == list)
    }

    @Test("what is none is refused", arguments: ["a", "a=http://h/e", "a=ftp://h#m", "a=http://h#m,a=http://h#n", "a b=http://h#m", "a=http://#m"])
    func noProviders(text: String) { #expect(EmbeddingProvider.list(text) == nil) }

    @Test func keyVariable() throws {
        #expect(try #require(EmbeddingProvider(name: "my-open.ai", text: "https://h/e#m")).keyVariable == "JADEVECTORDB_EMBEDDING_MY_OPEN_AI_API_KEY")
    }
}
