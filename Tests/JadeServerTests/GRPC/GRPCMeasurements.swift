import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeGRPC
import JadeGRPCClient
import JadeServer
import JadeTestSupport
import Testing

/// Figures for docs/performance.md: `JADE_MEASURE=grpc swift test -c release --disable-testable-imports --filter GRPCMeasurements`. Client
/// and server share the process and its processors.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["JADE_MEASURE"] == "grpc"), .serialized)
struct GRPCMeasurements {
    static let dimension = 768

    static func records(_ range: Range<Int>) -> [VectorRecord] {
        range.map { row in
            VectorRecord(id: VectorID(UInt64(row)), values: (0..<dimension).map { Float((row &* 31 &+ $0 &* 17) % 1_009) / 1_009 })
        }
    }

    static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let begin = ContinuousClock.now
        try await body()
        let taken = (ContinuousClock.now - begin).components
        return Double(taken.seconds) + Double(taken.attoseconds) / 1e18
    }

    @Test func uploads() async throws {
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        let (count, size) = (20_000, 500)
        let batches = stride(from: 0, to: count, by: size).map { Self.records($0..<$0 + size) }
        try await LiveDoor.run(engine, configure: { $0.executor = engine.searchExecutor }) { live in
            try await live.withClient { client in
                for round in 0..<5 {
                    for way in ["embedded", "gRPC stream", "gRPC unary"] {
                        let name = "\(way.replacing(" ", with: "-"))-\(round)"
                        _ = try await engine.createDatabase(
                            DatabaseSpecification(name: name, dimension: Self.dimension, index: IndexSettings(kind: .flat)))
                        let processor = SystemTimes.processorSeconds()
                        let seconds = try await Self.seconds {
                            switch way {
                            case "embedded": for batch in batches { _ = try await engine.upsert(batch, into: name) }
                            case "gRPC unary": for batch in batches { _ = try await client.upsert(batch, into: name) }
                            default:
                                let source = AsyncThrowingStream<[VectorRecord], any Error> { continuation in
                                    for batch in batches { continuation.yield(batch) }
                                    continuation.finish()
                                }
                                #expect(try await client.upload(source, into: name).count == count)
                            }
                        }
                        let used = SystemTimes.processorSeconds() - processor
                        print("upload", round, way, Int(Double(count) / seconds), "vectors/s,", Int(used / Double(count) * 1e6), "us CPU each")
                        try await engine.deleteDatabase(name)
                    }
                }
            }
        }
        engine.shutdown()
    }

    /// What one search costs, and how long it takes: through the doors one at a time, and many a message or stream.
    @Test func searches() async throws {
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: Self.dimension, index: IndexSettings(kind: .flat)))
        _ = try await engine.upsert(Self.records(0..<100), into: "docs")
        let database = ServedDatabase(access: OpenAccess(engine), executor: engine.searchExecutor) { () throws(JadeError) in engine.shutdown() }
        try await LiveServer.run(database, configure: { $0.server.grpcPort = 0 }) { (live: LiveServer) async throws in
            var options = JadeGRPCClient.Options()
            options.retries = 0
            let grpc = try JadeGRPCClient(host: "127.0.0.1", port: try #require(await live.server.grpcPort()), options: options)
            let rest = try JadeClient(url: live.base)
            for round in 0..<5 {
                for (name, service) in [("embedded", engine), ("REST", rest), ("gRPC unary", grpc)] as [(String, any DatabaseService)] {
                    try await Self.measure(round, name, 2_000) { for _ in 0..<2_000 { _ = try await service.search(Self.request, in: "docs") } }
                }
                let batch = [SearchRequest](repeating: Self.request, count: 100)
                for (name, service) in [("embedded", engine), ("REST", rest), ("gRPC", grpc)] as [(String, any DatabaseService)] {
                    try await Self.measure(round, name + " batch of 100", 5_000) { for _ in 0..<50 { _ = try await service.search(batch, in: "docs") } }
                }
                try await Self.measure(round, "gRPC stream", 5_000) {
                    let source = AsyncThrowingStream<SearchRequest, any Error> { continuation in
                        for _ in 0..<5_000 { continuation.yield(Self.request) }
                        continuation.finish()
                    }
                    try await grpc.search(each: source, in: "docs") { _, _ in }
                }
            }
            await grpc.shutdown()
            try await rest.shutdown()
        }
    }

    private static let request = SearchRequest(query: .values(records(7..<8)[0].values))

    private static func measure(_ round: Int, _ name: String, _ count: Int, _ body: () async throws -> Void) async throws {
        let processor = SystemTimes.processorSeconds()
        let taken = try await seconds(body)
        let used = SystemTimes.processorSeconds() - processor
        print("search", round, name, Int(taken / Double(count) * 1e6), "us,", Int(used / Double(count) * 1e6), "us CPU each")
    }
}
