import JadeAPI
import JadeCore
import JadeEngine
import JadeGRPC
import JadeGRPCClient
import JadeProto
import JadeSecurity
import NIOCore
import NIOHTTP2
import Synchronization
import Testing

@Suite("Calls with many messages, deadlines, and ends of all kinds")
struct StreamTests {
    static let searchStream = "/jadevectordb.v1.SearchService/SearchStream"

    static func batches(_ count: Int, of size: Int) -> AsyncThrowingStream<[VectorRecord], any Error> {
        AsyncThrowingStream { continuation in
            for batch in 0..<count {
                continuation.yield((0..<size).map { VectorRecord(id: VectorID(UInt64(batch * size + $0)), values: [Float(batch), Float($0)]) })
            }
            continuation.finish()
        }
    }

    static func docs(beforeSearch: @escaping @Sendable () async -> Void = {}) async throws -> MemoryService {
        let service = MemoryService(beforeSearch: beforeSearch)
        _ = try await service.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .euclidean))
        return service
    }

    @Test("an upload stores all and tells how far it is; an export gives all back")
    func uploadAndExport() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                let told = Mutex<[Int]>([])
                let result = try await client.upload(Self.batches(20, of: 50), into: "docs") { count in told.withLock { $0.append(count) } }
                #expect(result.count == 1_000 && result.sequence > 0)
                #expect(told.withLock { $0 } == (1...20).map { $0 * 50 })
                #expect(service.vectorCount(of: "docs") == 1_000)
                var (pages, ids) = (0, Set<String>())
                for try await page in client.export(ScrollRequest(limit: 64, parts: [.values]), from: "docs") {
                    pages += 1
                    for vector in page {
                        #expect(vector.values?.count == 2)
                        ids.insert(vector.id.text)
                    }
                }
                #expect(pages == 16 && ids.count == 1_000)
                await #expect(throws: JadeError.self) {
                    for try await _ in client.export(ScrollRequest(limit: 0), from: "docs") {}
                }
            }
        }
    }

    @Test("an upload with a bad batch keeps what was acknowledged and nothing of the batch")
    func badBatch() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                let batches = AsyncThrowingStream<[VectorRecord], any Error> { continuation in
                    continuation.yield([VectorRecord(id: 1, values: [1, 1])])
                    continuation.yield([VectorRecord(id: 2, values: [1, 1]), VectorRecord(id: 3, values: [1])])
                    for id in 4..<40 { continuation.yield([VectorRecord(id: VectorID(UInt64(id)), values: [1, 1])]) }
                    continuation.finish()
                }
                await #expect(throws: JadeError.invalidArgument(#"vector has 1 dimensions, database "docs" expects 2"#)) {
                    try await client.upload(batches, into: "docs")
                }
                #expect(service.vectorCount(of: "docs") == 1)
                #expect(try await client.count(matching: nil, in: "docs") == 1)
            }
        }
    }

    @Test("batches are read ahead of their turn and written as they were sent")
    func order() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                for round in 0..<20 {
                    // The first of each three takes longest to read, so that those behind it are ready before it.
                    let batches = AsyncThrowingStream<[VectorRecord], any Error> { continuation in
                        for batch in 0..<30 {
                            let size = batch % 3 == 0 ? 2_000 : 1
                            continuation.yield((0..<size).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float(round), Float(batch)]) })
                        }
                        continuation.finish()
                    }
                    let told = Mutex<[Int]>([])
                    try await client.upload(batches, into: "docs") { count in told.withLock { $0.append(count) } }
                    let counts: [Int] = (0..<30).map { batch in (batch / 3) * 2_002 + 2_000 + batch % 3 }
                    #expect(told.withLock { $0 } == counts)
                    let stored = try await client.vectors([0, 1], in: "docs", parts: .values).map(\.values)
                    #expect(stored == [[Float(round), 29], [Float(round), 27]])
                }
            }
        }
    }

    @Test("a source that fails ends the upload; what it gave is stored")
    func failingSource() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                let batches = AsyncThrowingStream<[VectorRecord], any Error> { continuation in
                    continuation.yield([VectorRecord(id: 1, values: [1, 1])])
                    continuation.finish(throwing: JadeError.corrupted("the file ends"))
                }
                await #expect(throws: JadeError.corrupted("the file ends")) { try await client.upload(batches, into: "docs") }
                #expect(service.vectorCount(of: "docs") == 1)
            }
        }
    }

    @Test("many searches over one stream; one that fails leaves the others alone")
    func searchStream() async throws {
        let service = try await Self.docs()
        _ = try await service.upsert([VectorRecord(id: 7, values: [3, 4])], into: "docs")
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            let open = try await raw.begin(Self.searchStream)
            for tag in 1...500 as ClosedRange<UInt64> {
                let values: [Float] = tag % 100 == 0 ? [1] : [0, 0]
                try await open.send(RawCalls.framed(ProtoSearchRequest(SearchRequest(query: .values(values)), in: "docs", tag: tag)), end: tag == 500)
            }
            let ending = try await open.ending.get()
            #expect(ending.status == .ok)
            var tags = Set<UInt64>()
            for message in ending.messages {
                let answer: ProtoSearchResponse = try Framing.decode(from: message)
                tags.insert(answer.tag)
                #expect(answer.hasError == (answer.tag % 100 == 0))
                if answer.hasError {
                    #expect(StatusDetails.failure(answer.error).error.code == .invalidArgument)
                } else {
                    #expect(try SearchResponse(answer).results.map(\.score) == [5])
                }
            }
            #expect(tags == Set(1...500) && ending.messages.count == 500)
            // A stream that ends is the end of nothing else.
            let next = try await raw.call(BadCallTests.search, ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs"))
            #expect(next.status == .ok && raw.channel.isActive)
            await raw.close()
        }
    }

    @Test("a stream whose messages wait to be read ends once, and is the end of nothing else")
    func waitingMessages() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            for round in 0..<20 {
                let bytes = try (0..<50).flatMap { try RawCalls.framed(BadCallTests.upsertMessage(UInt64($0))) }
                let open = try await raw.begin(BadCallTests.upsertStream)
                if round % 2 == 0 {
                    try await open.send(bytes, end: true)
                } else {
                    try await open.send(bytes)
                    try await open.send([], end: true)
                }
                let ending = try await open.ending.get()
                #expect(ending.status == .ok && ending.messages.count == 50)
                let next = try await raw.call(BadCallTests.search, ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs"))
                #expect(next.status == .ok && raw.channel.isActive, "round \(round)")
            }
            await raw.close()
        }
    }

    @Test("the client's stream of searches gives every answer to its request")
    func clientSearchStream() async throws {
        let service = try await Self.docs()
        _ = try await service.upsert([VectorRecord(id: 7, values: [3, 4])], into: "docs")
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                let requests = AsyncThrowingStream<SearchRequest, any Error> { continuation in
                    for number in 0..<300 { continuation.yield(SearchRequest(query: .values(number == 100 ? [1] : [Float(number), 4]))) }
                    continuation.finish()
                }
                var scores: [Int: Float] = [:]
                var failures: [Int] = []
                try await client.search(each: requests, in: "docs") { number, answer in
                    switch answer {
                    case .success(let response): scores[number] = response.results.first?.score
                    case .failure: failures.append(number)
                    }
                }
                #expect(failures == [100] && scores.count == 299)
                for (number, score) in scores { #expect(score == abs(Float(number) - 3)) }
                let failing = AsyncThrowingStream<SearchRequest, any Error> { $0.finish(throwing: JadeError.notFound("no more")) }
                await #expect(throws: JadeError.notFound("no more")) { try await client.search(each: failing, in: "docs") { _, _ in } }
            }
        }
    }

    @Test("a deadline, a cancelled call and a broken connection end the search itself", .timeLimit(.minutes(10)))
    func cancellation() async throws {
        let counts = Counts()
        let service = try await Self.docs {
            counts.begun.add(1, ordering: .relaxed)
            // As a search that notices: far longer than any of the tests waits.
            do { try await Task.sleep(for: .seconds(600)) } catch { counts.cancelled.add(1, ordering: .relaxed) }
        }
        try await LiveDoor.run(service) { live in
            let request = SearchRequest(query: .values([0, 0]))
            // On a busy machine a call may be late before its search has begun: then once more.
            while counts.begun.load(ordering: .relaxed) == 0 {
                try await live.withClient { $0.callTimeoutMilliseconds = 700 } _: { (client: JadeGRPCClient) async throws -> Void in
                    await #expect(throws: JadeError.self) { try await client.search(request, in: "docs") }
                }
            }
            #expect(await counts.settle())
            var begun = counts.begun.load(ordering: .relaxed)
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                let task = Task { try await client.search(request, in: "docs") }
                #expect(await eventually { counts.begun.load(ordering: .relaxed) == begun + 1 })
                task.cancel()
                await #expect(throws: JadeError.cancelled("the call was cancelled")) { try await task.value }
            }
            #expect(await counts.settle())
            begun = counts.begun.load(ordering: .relaxed)
            let raw = try await RawCalls.open(port: live.port)
            let message = ProtoSearchRequest(request, in: "docs")
            while counts.begun.load(ordering: .relaxed) == begun {
                let late = try await raw.call(BadCallTests.search, message, headers: [("grpc-timeout", "700m")])
                #expect(late.status == .deadlineExceeded)
            }
            #expect(await counts.settle())
            begun = counts.begun.load(ordering: .relaxed)
            let open = try await raw.begin(Self.searchStream)
            for _ in 0..<100 { try await open.send(RawCalls.framed(message)) }
            // As many as one stream may have, and not one more.
            #expect(await eventually { counts.begun.load(ordering: .relaxed) == begun + 32 })
            await raw.close()
            #expect(await counts.settle())
            #expect(counts.begun.load(ordering: .relaxed) == begun + 32)
        }
    }

    @Test("a client that only opens and cancels is held to a number of calls whose work goes on", .timeLimit(.minutes(10)))
    func rapidReset() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let counts = Counts()
        let service = try await Self.docs {
            counts.begun.add(1, ordering: .relaxed)
            // As work that does not notice that it is cancelled.
            await Task.detached { for await _ in gate {} }.value
        }
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            let bytes = try RawCalls.framed(ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs"))
            var calls: [RawCalls.Open] = []
            for round in 1...16 {
                for _ in 0..<32 {
                    let call = try await raw.begin(BadCallTests.search)
                    try await call.send(bytes, end: true)
                    calls.append(call)
                }
                try #require(await eventually { counts.begun.load(ordering: .relaxed) == round * 32 })
                for call in calls { try? await call.stream.close().get() }
                calls = []
            }
            let refused = try await raw.call(BadCallTests.search, bytes)
            #expect(refused.status == .resourceExhausted)
            #expect(refused.message == "the connection has 512 calls under way, the limit is 512")
            open.finish()
            #expect(try await eventually { try await raw.call(BadCallTests.search, bytes).status == .ok })
            await raw.close()
        }
    }

    @Test("pings as clients in Go send them do not end the connection", .timeLimit(.minutes(10)))
    func pings() async throws {
        let service = try await Self.docs()
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            let message = ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs")
            for round in 0..<1_000 {
                let ping = HTTP2Frame(streamID: .rootStream, payload: .ping(HTTP2PingData(withInteger: UInt64(round)), ack: false))
                try await raw.channel.writeAndFlush(ping).get()
                if round % 50 == 0 { #expect(try await raw.call(BadCallTests.search, message).status == .ok) }
            }
            #expect(try await raw.call(BadCallTests.search, message).status == .ok)
            #expect(raw.channel.isActive)
            await raw.close()
        }
    }

    @Test("who may not come in learns so, on calls and on streams; what is revoked is gone at once")
    func admission() async throws {
        let guarded = try GuardedServer()
        try guarded.add("reader", roles: ["readonly"])
        _ = try await guarded.engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .euclidean))
        try await LiveDoor.run(access: guarded.gate) { live in
            let search = SearchRequest(query: .values([0, 0]))
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                await Self.expect(.unauthenticated) { _ = try await client.search(search, in: "docs") }
                await Self.expect(.unauthenticated) { try await client.upload(Self.batches(3, of: 2), into: "docs") }
                await Self.expect(.unauthenticated) { for try await _ in client.export(ScrollRequest(), from: "docs") {} }
            }
            let root = try guarded.token("root")
            try await live.withClient { $0.credential = root } _: { (client: JadeGRPCClient) async throws -> Void in
                #expect(try await client.upload(Self.batches(3, of: 2), into: "docs").count == 6)
                #expect(try await client.search(search, in: "docs").results.count == 6)
                #expect(try await client.backupTargets().map(\.name) == ["local"])
                #expect(try await client.jobs().isEmpty)
            }
            let reader = try guarded.token("reader")
            try await live.withClient { $0.credential = reader } _: { (client: JadeGRPCClient) async throws -> Void in
                await Self.expect(.permissionDenied) { _ = try await client.createDatabase(DatabaseSpecification(name: "mine", dimension: 2)) }
                await Self.expect(.permissionDenied) { _ = try await client.startVerification(VerificationRequest()) }
                await #expect(throws: JadeError.self) { try await client.deleteDatabase("docs") }
            }
            #expect(try await guarded.engine.count(matching: nil, in: "docs") == 6)
            // Probes have no credentials.
            let raw = try await RawCalls.open(port: live.port)
            #expect(try await raw.call("/grpc.health.v1.Health/Check", Grpc_Health_V1_HealthCheckRequest()).status == .ok)
            #expect(try await raw.call(BadCallTests.search, [], headers: [("authorization", "Basic eA==")]).status == .unauthenticated)
            // A stream that was opened in good time.
            let open = try await raw.begin(BadCallTests.upsertStream, headers: [("authorization", "Bearer \(root)")])
            try await open.send(RawCalls.framed(BadCallTests.upsertMessage(77)))
            #expect(try await eventually { try await guarded.engine.count(matching: nil, in: "docs") == 7 })
            try guarded.authentication.logout(guarded.authentication.caller(root), by: GuardedServer.root)
            try await open.send(RawCalls.framed(BadCallTests.upsertMessage(78)))
            #expect(try await open.ending.get().status == .unauthenticated)
            #expect(try await guarded.engine.count(matching: nil, in: "docs") == 7)
            await raw.close()
        }
    }

    private static func expect(_ code: ErrorCode, _ body: () async throws -> Void) async {
        await #expect { try await body() } throws: { ($0 as? JadeError)?.code == code }
    }

    @Test("a stop ends what waits, lets finish what works, and is told by the health service", .timeLimit(.minutes(10)))
    func stopping() async throws {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let counts = Counts()
        let service = try await Self.docs {
            counts.begun.add(1, ordering: .relaxed)
            for await _ in gate {}
        }
        try await LiveDoor.run(service) { live in
            let raw = try await RawCalls.open(port: live.port)
            let watch = try await raw.begin("/grpc.health.v1.Health/Watch")
            try await watch.send([0, 0, 0, 0, 0], end: true)
            let idle = try await raw.begin(Self.searchStream)
            let busy = try await raw.begin(BadCallTests.search)
            try await busy.send(RawCalls.framed(ProtoSearchRequest(SearchRequest(query: .values([0, 0])), in: "docs")), end: true)
            #expect(await eventually { counts.begun.load(ordering: .relaxed) == 1 })
            await live.stop()
            #expect(try await idle.ending.get().status == .unavailable)
            let states = try await watch.ending.get().messages.map {
                let answer: Grpc_Health_V1_HealthCheckResponse = try Framing.decode(from: $0)
                return answer.status
            }
            #expect(states == [.serving, .notServing])
            open.finish()
            #expect(try await busy.ending.get().status == .ok)
        }
    }

    @Test("a client finds a server that was started again; nothing is repeated that may not be")
    func again() async throws {
        let service = try await Self.docs()
        var port = 0
        try await LiveDoor.run(service) { port = $0.port }
        var options = JadeGRPCClient.Options()
        (options.backoffMilliseconds, options.retries) = (1, 2)
        let client = try JadeGRPCClient(host: "127.0.0.1", port: port, options: options)
        let expected = JadeError.unavailable("no server answers at 127.0.0.1:\(port): start one with \"jadevectordb serve --grpc-port\"")
        await #expect(throws: expected) { try await client.listDatabases() }
        try await LiveDoor.run(service, configure: { $0.port = port }) { (_: LiveDoor) async throws -> Void in
            #expect(try await client.listDatabases().count == 1)
        }
        try await LiveDoor.run(service, configure: { $0.port = port }) { (_: LiveDoor) async throws -> Void in
            #expect(try await client.listDatabases().count == 1)
        }
        await client.shutdown()
    }

    @Test("reflection tells every service and every file")
    func reflection() async throws {
        try await LiveDoor.run { live in
            let raw = try await RawCalls.open(port: live.port)
            for package in ["grpc.reflection.v1", "grpc.reflection.v1alpha"] {
                let open = try await raw.begin("/\(package).ServerReflection/ServerReflectionInfo")
                var question = Grpc_Reflection_V1_ServerReflectionRequest()
                question.listServices = "*"
                try await open.send(RawCalls.framed(question))
                for symbol in ["jadevectordb.v1.SearchService.Search", "jadevectordb.v1.Database", "nothing"] {
                    question.fileContainingSymbol = symbol
                    try await open.send(RawCalls.framed(question))
                }
                question.fileByFilename = "jadevectordb/v1/search.proto"
                try await open.send(RawCalls.framed(question), end: true)
                let answers = try await open.ending.get().messages.map { message in
                    try Framing.decode(Grpc_Reflection_V1_ServerReflectionResponse.self, from: message)
                }
                #expect(answers.count == 5)
                #expect(answers.first?.listServicesResponse.service.map(\.name).contains("jadevectordb.v1.VectorService") == true)
                #expect(answers.map(\.fileDescriptorResponse.fileDescriptorProto.count) == [0, 4, 1, 0, 4])
                #expect(answers.dropFirst(3).first?.errorResponse.errorCode == 5)
            }
            await raw.close()
        }
    }
}

/// How often something happened, told from any task.
private final class Counts: Sendable {
    let begun = Atomic<Int>(0)
    let cancelled = Atomic<Int>(0)

    /// Whether all that has begun is cancelled, within a minute.
    func settle() async -> Bool { await eventually { cancelled.load(ordering: .relaxed) == begun.load(ordering: .relaxed) } }
}
