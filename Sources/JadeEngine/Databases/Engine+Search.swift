internal import JadeAPI
public import JadeCore
internal import JadeIO
internal import JadeStorage

extension Engine {
    public func search(
        _ requests: [SearchRequest], in database: String
    ) async throws(JadeError) -> [SearchResponse] {
        let database = try databases.find(database)
        let requests = try Self.checked(requests, database)
        let bytes = searchBytes(requests, database)
        try memory.take(bytes, for: .searches, requests.count == 1 ? "a search" : "a batch of \(requests.count) searches")
        defer { memory.giveBack(bytes, for: .searches) }
        return try await SearchStop.whileWanted { (stop) throws(JadeError) in
            guard requests.count == 1 else { return try await searchTogether(requests, database, stop) }
            let request = requests[0]
            return [try await onWorker { () throws(JadeError) in try database.shard.search(request, stop) }]
        }
    }

    /// One search on the calling thread: the quickest way for an embedder that has threads of its own.
    public func searchOnThisThread(_ request: SearchRequest, in database: String) throws(JadeError) -> SearchResponse {
        let database = try databases.find(database)
        let requests = try Self.checked([request], database)
        return try memory.holding(searchBytes(requests, database), for: .searches, "a search") { () throws(JadeError) in
            try database.shard.search(requests[0])
        }
    }

    private func searchBytes(_ requests: [SearchRequest], _ database: Database) -> Int {
        MemoryNeeds.searches(
            requests, dimension: database.shard.context.field.dimension, rows: database.shard.storage.rowEnd)
    }

    /// A batch is divided among the threads.
    private func searchTogether(
        _ requests: [SearchRequest], _ database: Database, _ stop: SearchStop
    ) async throws(JadeError) -> [SearchResponse] {
        let size = max(1, (requests.count + workers.threadCount - 1) / workers.threadCount)
        let starts = Array(stride(from: 0, to: requests.count, by: size))
        let parts = await withTaskGroup(of: (Int, Result<[SearchResponse], JadeError>).self) { group in
            for start in starts {
                group.addTask {
                    let part = Array(requests[start..<min(start + size, requests.count)])
                    return (start, await self.searchPart(part, database, stop))
                }
            }
            var parts: [Int: Result<[SearchResponse], JadeError>] = [:]
            for await (start, result) in group { parts[start] = result }
            return parts
        }
        var responses: [SearchResponse] = []
        for start in starts { responses += try parts[start]?.get() ?? [] }
        return responses
    }

    private func searchPart(
        _ requests: [SearchRequest], _ database: Database, _ stop: SearchStop
    ) async -> Result<[SearchResponse], JadeError> {
        do throws(JadeError) {
            return .success(
                try await onWorker { () throws(JadeError) in
                    var responses: [SearchResponse] = []
                    for request in requests { responses.append(try database.shard.search(request, stop)) }
                    return responses
                })
        } catch {
            return .failure(error)
        }
    }

    /// The requests, checked, with the database's defaults for what they leave open.
    private static func checked(
        _ requests: [SearchRequest], _ database: Database
    ) throws(JadeError) -> [SearchRequest] {
        try Limits.require(requests.count, in: 1...Limits.maximumBatchQueries, "number of searches")
        for request in requests {
            try request.validate()
            if case .values(let values) = request.query { try database.validate(values, named: "query") }
        }
        let index = database.current.index
        return requests.map { request in
            var request = request
            if request.recall == nil {
                request.efSearch = request.efSearch ?? index.efSearch
                request.nprobe = request.nprobe ?? index.nprobe
            }
            request.rescore = request.rescore ?? index.rescore
            request.oversampling = request.oversampling ?? index.oversampling
            return request
        }
    }
}
