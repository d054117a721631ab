import Foundation
import JadeAPI
import JadeClient
import JadeCore
import Testing

@Suite("A service behind the door answers like the service itself")
struct CongruenceTests {
    static let seeds: [UInt64] = ProcessInfo.processInfo.environment["JADE_SEED"].flatMap { UInt64($0) }.map { [$0] } ?? [1, 2, 3]

    /// What came back, in a form that compares: a description of the value, or the error.
    static func outcome<Value>(_ body: () async throws(JadeError) -> Value) async -> Result<Value, JadeError> {
        do throws(JadeError) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    @Test("random requests, with random filters", arguments: seeds, [JadeClient.Encoding.frames, .json])
    func random(seed: UInt64, encoding: JadeClient.Encoding) async throws {
        let near = MemoryService()
        let far = MemoryService()
        try await LiveServer.run(far) { server in
            var options = JadeClient.Options()
            options.encoding = encoding
            let client = try JadeClient(url: server.base, options: options)
            var requests = RandomRequests(random: SeededRandom(seed: seed))
            for metric in ElementType.float32.metrics {
                let specification = DatabaseSpecification(name: metric.rawValue, dimension: 5, metric: metric)
                #expect(try await client.createDatabase(specification) == (try await near.createDatabase(specification)))
            }
            for step in 0..<300 {
                // The same random numbers for both sides.
                let before = requests
                let left = await Self.step(near, &requests)
                requests = before
                let right = await Self.step(client, &requests)
                #expect(left == right, "seed \(seed), step \(step)")
            }
            for metric in ElementType.float32.metrics {
                #expect(near.vectorCount(of: metric.rawValue) > 0)
                #expect(near.vectorCount(of: metric.rawValue) == far.vectorCount(of: metric.rawValue))
            }
            try await client.shutdown()
        }
    }

    /// One random call and what came of it.
    static func step(_ service: any DatabaseService, _ requests: inout RandomRequests) async -> String {
        let metrics = ElementType.float32.metrics
        let database = requests.chance(3) ? "missing" : metrics[requests.below(metrics.count)].rawValue
        let dimension = requests.chance(3) ? 4 : 5
        switch requests.below(10) {
        case 0, 1, 2:
            let count = 1 + requests.below(4)
            let vectors = (0..<count).map { _ in
                VectorRecord(id: requests.id(), values: requests.values(dimension), metadata: requests.metadata())
            }
            return "\(await outcome { () throws(JadeError) in try await service.upsert(vectors, into: database) })"
        case 3:
            let ids = (0...requests.below(2)).map { _ in requests.id() }
            return "\(await outcome { () throws(JadeError) in try await service.delete(ids, from: database) })"
        case 4:
            let change: MetadataChange = requests.chance(50) ? .merge(requests.metadata()) : .replace(requests.metadata())
            let id = requests.id()
            return "\(await outcome { () throws(JadeError) in try await service.updateMetadata(change, of: id, in: database) })"
        case 5:
            let (ids, parts) = ((0...requests.below(3)).map { _ in requests.id() }, requests.parts())
            return describe(await outcome { () throws(JadeError) in try await service.vectors(ids, in: database, parts: parts) })
        case 6:
            let request = ScrollRequest(
                after: requests.chance(40) ? requests.id() : nil, limit: 1 + requests.below(5), filter: requests.filter(),
                parts: requests.parts())
            return describe(await outcome { () throws(JadeError) in
                let page = try await service.scroll(request, in: database)
                return page.vectors + (page.next.map { [StoredVector(id: $0)] } ?? [])
            })
        case 7:
            let filter = requests.filter()
            return "\(await outcome { () throws(JadeError) in try await service.count(matching: filter, in: database) })"
        case 8:
            let write = requests.write(dimension)
            let read = await outcome { () throws(JadeError) in try await service.vectors([write.id], in: database, parts: .version) }
            let present = (try? read.get())?.first?.version
            let condition = requests.condition(present)
            let written = await outcome { () throws(JadeError) in try await service.write(write, if: condition, in: database) }
            return "\(present ?? "none") \(condition) \(written)"
        default:
            let searches = (0...requests.below(2)).map { _ in requests.search(dimension) }
            return describe(await outcome { () throws(JadeError) in try await service.search(searches, in: database) })
        }
    }

    private static func describe(_ result: Result<[StoredVector], JadeError>) -> String {
        "\(result.map { vectors in vectors.map { "\($0.id.text) \($0.id.isInteger) \($0.values ?? []) \(sorted($0.metadata))" } })"
    }

    private static func describe(_ result: Result<[SearchResponse], JadeError>) -> String {
        let lines = result.map { responses in
            responses.map { response in
                response.results.map { "\($0.id.text) \($0.id.isInteger) \($0.score) \($0.values ?? []) \(sorted($0.metadata))" } + ["\(String(describing: response.plan))"]
            }
        }
        return "\(lines)"
    }

    /// Metadata with its keys in order; `-` for none, which differs from an empty object.
    private static func sorted(_ metadata: Metadata?) -> String {
        guard let metadata else { return "-" }
        return sorted(.object(metadata))
    }

    private static func sorted(_ value: MetadataValue) -> String {
        switch value {
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key):\(sorted($0.value))" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map { sorted($0) }.joined(separator: ",") + "]"
        default: "\(value)"
        }
    }
}
