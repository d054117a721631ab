internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("SearchService", method) }

    static let searches: [Method] = [
        .unary(path("Search"), needs: .named(.vectorRead)) { (request: ProtoSearchRequest, call) throws(JadeError) in try await search(request, call) },
        .unary(path("SearchBatch"), needs: .named(.vectorRead)) { (batch: ProtoSearchBatchRequest, call) throws(JadeError) in
            let responses = try await call.services.databases.search(
                try await call.texts.embedded(try batch.batch(), in: batch.database), in: batch.database)
            var answer = ProtoSearchBatchResponse()
            answer.responses = zip(batch.searches, responses).map { request, response in
                ProtoSearchResponse(response, form: request.parts.valuesForm, tag: request.tag)
            }
            return answer
        },
        .each(path("SearchStream"), needs: .named(.vectorRead), atATime: Limits.maximumStreamSearches) { (request: ProtoSearchRequest, call) throws(JadeError) in
            do throws(JadeError) { return try await search(request, call) } catch { return refusal(error, of: request) }
        },
    ]

    private static func search(_ request: ProtoSearchRequest, _ call: Call) async throws(JadeError) -> ProtoSearchResponse {
        let searches = try await call.texts.embedded(try request.batch(), in: request.database)
        let response = try await call.services.databases.search(searches[0], in: request.database)
        return ProtoSearchResponse(response, form: request.parts.valuesForm, tag: request.tag)
    }

    /// One search that fails does not end the stream of the others.
    private static func refusal(_ error: JadeError, of request: ProtoSearchRequest) -> ProtoSearchResponse {
        var answer = ProtoSearchResponse()
        answer.tag = request.tag
        answer.error = StatusDetails.status(CallFailure(error))
        return answer
    }
}
