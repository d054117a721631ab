public import JadeAPI
public import JadeCore

extension JadeClient {
    public func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        let path = Path.database(database) + "/search"
        let batch = SearchBatchRequest(requests)
        if let search = requests.first, requests.count == 1 {
            return [try await ask(path, search, frame: batch.frame, prefers: FrameType.results, read: Self.oneResponse)]
        }
        let answer = try await ask(path + "/batch", batch, frame: batch.frame, prefers: FrameType.results) { (bytes) throws(JadeError) in
            try SearchBatchResponse(frame: bytes)
        }
        return answer.responses
    }

    /// Searches near a text, by the embedding provider of the database.
    ///
    /// - Parameter configure: sets what the search asks for beside the text, such as `topK` and `filter`.
    public func search(
        text: String, in database: String, configure: (inout SearchRequest) -> Void = { _ in }
    ) async throws(JadeError) -> SearchResponse {
        var request = SearchRequest(query: .values([]))
        configure(&request)
        return try await ask(
            Path.database(database) + "/search", TextSearch(request, text: text), prefers: FrameType.results, read: Self.oneResponse)
    }

    private static func oneResponse(_ bytes: UnsafeRawBufferPointer) throws(JadeError) -> SearchResponse {
        let responses = try SearchBatchResponse(frame: bytes).responses
        guard let response = responses.first, responses.count == 1 else {
            throw .internal("a search was answered with \(responses.count) lists of results")
        }
        return response
    }

    public func status() async throws(JadeError) -> NodeStatus { try await ask(.get, "/v1/status") }
}
