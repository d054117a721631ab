import JadeAPI
import JadeCore

/// `/v1/embeddings`, and texts in the place of values.
enum EmbeddingHandlers {
    static func embed(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(EmbeddingRequest.self)
        guard !request.texts.isEmpty else { throw .invalidArgument("\"input\" is empty, expected at least one text") }
        let vectors = try await call.embeddings.embed(request.texts, with: request.provider)
        let bytes = vectors.reduce(64) { $0 + $1.count * 14 + 48 }
        return .json(EmbeddingList(provider: request.provider, vectors: vectors), reserving: bytes)
    }
}

extension Call {
    fileprivate var embeddings: any EmbeddingService {
        get throws(JadeError) {
            guard let embeddings = door.settings.embeddings, !embeddings.providers.isEmpty else {
                throw .notFound("this server has no embedding provider: set embedding.providers")
            }
            return embeddings
        }
    }

    /// The vectors of texts, by the provider of the database that the path names. They must fit it.
    func values(of texts: [String]) async throws(JadeError) -> [[Float]] {
        let name = try database
        let specification = try await service.describeDatabase(name).specification
        guard let provider = specification.embedding else {
            throw .invalidArgument("database \(name.debugDescription) names no embedding provider: send \"values\" instead of \"text\"")
        }
        let vectors = try await embeddings.embed(texts, with: provider)
        if let first = vectors.first, first.count != specification.field.dimension {
            throw .invalidArgument(
                "embedding provider \(provider.debugDescription) gives \(first.count) dimensions, database \(name.debugDescription) expects \(specification.field.dimension)")
        }
        return vectors
    }

    /// Vectors whose texts have become values.
    func embedded(_ request: UpsertRequest) async throws(JadeError) -> [VectorRecord] {
        guard !request.texts.isEmpty else { return request.vectors }
        var vectors = request.vectors
        let places = request.texts.keys.sorted()
        let values = try await values(of: places.map { request.texts[$0] ?? "" })
        for (place, values) in zip(places, values) { vectors[place].values = values }
        return vectors
    }

    /// Searches whose texts have become values.
    func embedded(_ searches: [SearchRequest], texts: [Int: String]) async throws(JadeError) -> [SearchRequest] {
        guard !texts.isEmpty else { return searches }
        var searches = searches
        let places = texts.keys.sorted()
        let values = try await values(of: places.map { texts[$0] ?? "" })
        for (place, values) in zip(places, values) { searches[place].query = .values(values) }
        return searches
    }
}
