internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    static let embeddings: [Method] = [
        .unary(path("EmbeddingService", "Embed"), needs: .login) { (request: ProtoEmbedRequest, call) throws(JadeError) in
            try Limits.require(request.texts.count, in: 1...Limits.maximumBatchOperations, "the number of texts")
            let embeddings = try TextVectors.providers(call.door.settings.embeddings)
            var answer = ProtoEmbedResponse()
            answer.vectors = try await embeddings.embed(request.texts, with: request.provider).map { ProtoValues($0, form: request.valuesForm) }
            return answer
        }
    ]
}
