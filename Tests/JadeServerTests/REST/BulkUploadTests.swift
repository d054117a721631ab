import JadeAPI
import JadeClient
import JadeCore
import JadeTestSupport
import Synchronization
import Testing

@Suite("Uploading in bulk")
struct BulkUploadTests {
    private static func records(_ count: Int) -> [VectorRecord] {
        (0..<count).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float($0), 1]) }
    }

    private func run(_ body: (MemoryService, JadeClient) async throws -> Void) async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let client = try JadeClient(url: server.base)
            try await body(service, client)
            try await client.shutdown()
        }
    }

    @Test("stores everything, and says how far it is without a gap", arguments: [1, 5])
    func everything(parallel: Int) async throws {
        try await run { service, client in
            var reported: [Int] = []
            let count = try await client.upload(Self.records(1_234), into: "docs", batchSize: 100, parallel: parallel) { reported.append($0) }
            #expect(count == 1_234 && service.vectorCount(of: "docs") == 1_234)
            #expect(reported.count == 13 && reported == reported.sorted() && reported.last == 1_234)
            #expect(try await client.upload([], into: "docs") == 0)
        }
    }

    @Test("goes on after what an earlier run has stored")
    func resumed() async throws {
        try await run { service, client in
            var rest = Self.records(250)[...]
            var reported: [Int] = []
            let count = try await BulkUpload(client, database: "docs", batchSize: 100)
                .run(after: 120, next: { () throws(JadeError) in rest.popFirst() }, acknowledged: { reported.append($0) })
            #expect(count == 130 && service.vectorCount(of: "docs") == 130)
            #expect(reported.last == 250)
        }
    }

    @Test("a vector that does not fit ends it, with the place")
    func refused() async throws {
        try await run { service, client in
            var records = Self.records(1_000)
            records[437].values = [1, 2, 3]
            let error = await #expect(throws: JadeError.self) { try await client.upload(records, into: "docs", batchSize: 100, parallel: 2) }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.hasPrefix("vectors 400 to 499: ") == true, "\(String(describing: error))")
            // Whole batches, and none of those that begin once the refusal is known.
            let stored = service.vectorCount(of: "docs")
            #expect(stored % 100 == 0 && stored < 900, "\(stored)")
        }
    }

    @Test("a source that breaks is named with the vector")
    func brokenSource() async throws {
        try await run { _, client in
            var rest = Self.records(42)[...]
            let error = await #expect(throws: JadeError.self) {
                try await BulkUpload(client, database: "docs", batchSize: 10).run(next: { () throws(JadeError) in
                    guard let next = rest.popFirst() else { throw .invalidArgument("line 43 is not JSON") }
                    return next
                })
            }
            #expect(error?.message == "vector 42: line 43 is not JSON")
        }
    }
}
