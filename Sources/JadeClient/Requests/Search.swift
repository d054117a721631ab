public import JadeAPI
public import JadeCore

extension JadeClient {
    public func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        let path = Path.database(database) + "/search"
        if requests.count == 1 { return [try await ask(.post, path, requests[0])] }
        let response: SearchBatchResponse = try await ask(.post, path + "/batch", SearchBatchRequest(requests))
        return response.responses
    }

    public func status() async throws(JadeError) -> NodeStatus { try await ask(.get, "/v1/status") }
}
