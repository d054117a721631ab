import Foundation
import JadeAPI
import JadeClient
import JadeCore

/// What the demo shows once the server listens.
struct DemoTour: Sendable {
    let sample: Sample
    let dataDirectory: String

    func run(portFile: String) async throws {
        let port = try await Self.port(from: portFile)
        let client = try JadeClient(url: "http://127.0.0.1:\(port)")
        do {
            try await show(client)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    /// The server writes its port once it listens. When it cannot, its own task fails and cancels this one.
    private static func port(from file: String) async throws -> Int {
        while true {
            if let text = try? String(contentsOfFile: file, encoding: .utf8), let port = Int(text.filter(\.isNumber)) { return port }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func show(_ client: JadeClient) async throws {
        let status = try await client.status()
        Standard.out("JadeVectorDB \(status.version) · kernels \(status.simdLevel) · data in \(dataDirectory)\n")
        let database = try await load(client)
        try await search(client, filter: nil, title: "packages like \(Sample.favourite)")
        try await search(client, filter: Sample.filterText, title: "the same, only section net and under 500 KiB")
        try await DemoMeasurement(client: client, database: database, sample: sample).show()
        Standard.out(Self.farewell(client.url, dataDirectory))
    }

    private func load(_ client: JadeClient) async throws -> String {
        let options = Records.Options(metadata: sample.metadata, idField: "id")
        let source = try Records.open(sample.vectors, options)
        let present = try await client.listDatabases().first { $0.name == Sample.database }
        if let present, present.vectorCount == source.count { return present.id }
        let target: DatabaseDescription
        if let present {
            target = present
        } else {
            target = try await client.createDatabase(DatabaseSpecification(name: Sample.database, dimension: source.dimension ?? 0))
        }
        var progress = Progress("loading", total: source.count)
        let count = try await BulkUpload(client, database: target.id).run(next: source.next) { progress.update($0) }
        progress.finish(count)
        Standard.out("loaded \(Numbers.grouped(count)) packages in \(Numbers.decimal(progress.seconds, places: 1)) s; every one was searchable when acknowledged\n")
        return target.id
    }

    private func search(_ client: JadeClient, filter: String?, title: String) async throws {
        let request = SearchRequest(
            query: .id(try VectorID(Sample.favourite)), topK: 5, filter: try filter.map(JSONInput.filter), parts: .metadata)
        let response = try await client.search(request, in: Sample.database)
        let table = ResultTable(fields: ["section", "installed_size_kib", "summary"], showsValues: false, showsMetadata: true)
        Standard.out("\(title)\n\(table.rendered(response.results))\n")
    }

    private static func farewell(_ url: String, _ dataDirectory: String) -> String {
        """

        try it:
          curl -s \(url)/v1/databases/packages/search -H 'content-type: application/json' \\
            -d '{"id":"\(Sample.favourite)","top_k":5,"include_metadata":true,"filter":\(Sample.filterText)}'

          .build/release/jadevectordb search packages --url \(url) --id gimp --top-k 5 --fields section,summary

        the server stays at \(url) until Ctrl-C; the data stays in \(dataDirectory)
        """
    }
}
