import HTTPTypes
import JadeAPI
import JadeCore
import NIOCore

/// `/search` and `/search/batch`. Queries come as JSON or as a frame of vectors, answers go as the client accepts them.
enum SearchHandlers {
    static func search(_ call: Call) async throws(JadeError) -> Reply {
        let request: SearchRequest
        if call.hasFrame {
            let searches = try call.searches().searches
            guard searches.count == 1 else {
                throw .invalidArgument("frame has \(searches.count) queries, expected 1: send more to /search/batch")
            }
            request = searches[0]
        } else {
            let asked = try call.decode(TextSearch.self)
            try asked.search.validate()
            var batch = SearchBatchRequest([asked.search])
            batch.texts[0] = asked.text
            request = try await call.texts.embedded(batch, in: call.database)[0]
        }
        try request.validate()
        let response = try await call.service.search(request, in: call.database)
        if let frame = try call.frame(of: [response]) { return frame }
        return .json(response, reserving: response.estimatedBytes)
    }

    static func searchBatch(_ call: Call) async throws(JadeError) -> Reply {
        let batch = try call.searches()
        for request in batch.searches { try request.validate() }
        let searches = try await call.texts.embedded(batch, in: call.database)
        let responses = try await call.service.search(searches, in: call.database)
        if let frame = try call.frame(of: responses) { return frame }
        let bytes = responses.reduce(0) { $0 + $1.estimatedBytes }
        return .json(SearchBatchResponse(responses), reserving: bytes)
    }
}

extension Call {
    fileprivate func searches() throws(JadeError) -> SearchBatchRequest {
        guard hasFrame else { return try decode() }
        return try frame { (bytes, pool) throws(JadeError) in try SearchBatchRequest(frame: bytes, pool: pool) }
    }

    /// The answer as a frame, where the client likes that and one frame can hold it.
    fileprivate func frame(of responses: [SearchResponse]) throws(JadeError) -> Reply? {
        guard accepts(FrameType.results) else { return nil }
        return try SearchBatchResponse(responses).frame().map { .frame($0, FrameType.results) }
    }
}

extension Reply {
    /// Vectors or results as bytes.
    static func frame(_ bytes: [UInt8], _ type: String) -> Reply {
        Reply(.ok, headers: [.contentType: type], body: ByteBuffer(bytes: bytes))
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
