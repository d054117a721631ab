public import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    /// Stores vectors that the database's embedding provider makes of texts; all of them or none.
    public func upsert(_ texts: [TextRecord], into database: String) async throws(JadeError) -> WriteResult {
        WriteResult(
            try await transport.unary("/jadevectordb.v1.VectorService/Upsert", ProtoUpsertRequest(UpsertRequest(texts: texts), into: database)))
    }

    /// Searches near a text, by the embedding provider of the database.
    ///
    /// - Parameter configure: sets what the search asks for beside the text, such as `topK` and `filter`.
    public func search(
        text: String, in database: String, configure: (inout SearchRequest) -> Void = { _ in }
    ) async throws(JadeError) -> SearchResponse {
        var request = SearchRequest(query: .values([]))
        configure(&request)
        var question = ProtoSearchRequest(request, in: database)
        question.text = text
        return try SearchResponse(try await transport.unary("/jadevectordb.v1.SearchService/Search", question))
    }

    /// Vectors of texts, which are not stored.
    ///
    /// - Parameter provider: a name among the server's embedding providers.
    public func embed(_ texts: [String], with provider: String) async throws(JadeError) -> [[Float]] {
        var question = ProtoEmbedRequest()
        (question.provider, question.texts) = (provider, texts)
        let answer: ProtoEmbedResponse = try await transport.unary("/jadevectordb.v1.EmbeddingService/Embed", question)
        var vectors: [[Float]] = []
        for values in answer.vectors { vectors.append(try values.components()) }
        return vectors
    }
}
