import JadeAPI
import JadeCore

/// `/v1/embeddings`, and texts in the place of values.
enum EmbeddingHandlers {
    static func embed(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(EmbeddingRequest.self)
        guard !request.texts.isEmpty else { throw .invalidArgument("\"input\" is empty, expected at least one text") }
        let vectors = try await TextVectors.providers(call.door.settings.embeddings).embed(request.texts, with: request.provider)
        let bytes = vectors.reduce(64) { $0 + $1.count * 14 + 48 }
        return .json(EmbeddingList(provider: request.provider, vectors: vectors), reserving: bytes)
    }
}

extension Call {
    /// What makes vectors of texts for the caller.
    var texts: TextVectors {
        get throws(JadeError) { TextVectors(door.settings.embeddings, for: try service) }
    }
}
