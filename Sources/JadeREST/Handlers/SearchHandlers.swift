import JadeAPI
import JadeCore

/// `/search` and `/search/batch`.
enum SearchHandlers {
    static func search(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(SearchRequest.self)
        try request.validate()
        let response = try await call.service.search(request, in: call.database)
        return .json(response, reserving: response.estimatedBytes)
    }

    static func searchBatch(_ call: Call) async throws(JadeError) -> Reply {
        let batch = try call.decode(SearchBatchRequest.self)
        for request in batch.searches { try request.validate() }
        let responses = try await call.service.search(batch.searches, in: call.database)
        let bytes = responses.reduce(0) { $0 + $1.estimatedBytes }
        return .json(SearchBatchResponse(responses), reserving: bytes)
    }
}

extension SearchResponse {
    /// About how many bytes of JSON it will be, so that the buffer need not grow often.
    fileprivate var estimatedBytes: Int {
        let components = results.first?.values?.count ?? 0
        let metadata = results.first?.metadata == nil ? 0 : 256
        return 128 + results.count * (64 + components * 12 + metadata)
    }
}
