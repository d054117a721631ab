import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeGRPC
import JadeGRPCClient
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

    static func processorSeconds() -> Double {
        var usage = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &usage)
        return Double(usage.tv_sec) + Double(usage.tv_nsec) / 1e9
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
                        let processor = Self.processorSeconds()
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
                        let used = Self.processorSeconds() - processor
                        print("upload", round, way, Int(Double(count) / seconds), "vectors/s,", Int(used / Double(count) * 1e6), "us CPU each")
                        try await engine.deleteDatabase(name)
                    }
                }
            }
        }
        engine.shutdown()
    }

    @Test func searches() async throws {
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: Self.dimension, index: IndexSettings(kind: .flat)))
        _ = try await engine.upsert(Self.records(0..<100), into: "docs")
        let request = SearchRequest(query: .values(Self.records(7..<8)[0].values))
        try await LiveDoor.run(engine, configure: { $0.executor = engine.searchExecutor }) { live in
            try await live.withClient { client in
                for round in 0..<5 {
                    for (name, service) in [("embedded", engine), ("gRPC unary", client)] as [(String, any DatabaseService)] {
                        let (processor, count) = (Self.processorSeconds(), 3_000)
                        let seconds = try await Self.seconds {
                            for _ in 0..<count { _ = try await service.search(request, in: "docs") }
                        }
                        let used = Self.processorSeconds() - processor
                        print("search", round, name, Int(seconds / Double(count) * 1e6), "us,", Int(used / Double(count) * 1e6), "us CPU each")
                    }
                    let (processor, count) = (Self.processorSeconds(), 10_000)
                    let seconds = try await Self.seconds {
                        let source = AsyncThrowingStream<SearchRequest, any Error> { continuation in
                            for _ in 0..<count { continuation.yield(request) }
                            continuation.finish()
                        }
                        try await client.search(each: source, in: "docs") { _, _ in }
                    }
                    let used = Self.processorSeconds() - processor
                    print("search", round, "gRPC stream", Int(seconds / Double(count) * 1e6), "us,", Int(used / Double(count) * 1e6), "us CPU each")
                }
            }
        }
        engine.shutdown()
    }
}
