import JadeAPI
import JadeClient
import JadeCore

/// Recall against exact search, and the queries per second of a few connections.
struct DemoMeasurement {
    static let connections = 8
    static let topK = 10
    static let seconds = 2.0

    let client: JadeClient
    let database: String
    let sample: Sample

    func show() async throws {
        let queries = try Matrix(path: sample.queries)
        try await waitForIndex()
        let recall = try await recall(queries)
        let bodies = requests(queries, exact: false).map(WireJSON.encode)
        let measured = try await SearchLoad(url: client.url, database: database, bodies: bodies)
            .run(connections: Self.connections, seconds: Self.seconds)
        let rate = Double(measured.count) / measured.seconds
        Standard.out("recall@\(Self.topK) against exact search over \(queries.rowCount) queries: \(Numbers.decimal(recall, places: 4))")
        Standard.out(
            "queries per second over HTTP, \(Self.connections) connections, client and server on this machine: \(Numbers.grouped(rate))")
    }

    /// Searches are complete without the index too; what is measured should be the index, though.
    private func waitForIndex() async throws {
        for _ in 0..<600 {
            if try await client.describeDatabase(database).index.pending == 0 { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func recall(_ queries: Matrix) async throws -> Double {
        let found = try await answers(queries, exact: false)
        let wanted = try await answers(queries, exact: true)
        let hits = zip(found, wanted).reduce(0) { $0 + $1.0.intersection($1.1).count }
        return Double(hits) / Double(max(1, wanted.reduce(0) { $0 + $1.count }))
    }

    private func answers(_ queries: Matrix, exact: Bool) async throws -> [Set<VectorID>] {
        try await client.search(requests(queries, exact: exact), in: database).map { Set($0.results.map(\.id)) }
    }

    private func requests(_ queries: Matrix, exact: Bool) -> [SearchRequest] {
        (0..<queries.rowCount).map { SearchRequest(query: .values(Array(queries.row($0))), topK: Self.topK, exact: exact) }
    }
}
