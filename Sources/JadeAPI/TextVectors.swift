package import JadeCore

/// Texts in the place of values: what every door makes of them, by the provider that the database names.
package struct TextVectors: Sendable {
    private let embeddings: (any EmbeddingService)?
    private let databases: any DatabaseService

    /// - Parameter databases: As the caller may use them.
    package init(_ embeddings: (any EmbeddingService)?, for databases: any DatabaseService) {
        self.embeddings = embeddings
        self.databases = databases
    }

    /// The providers that can be asked. `notFound` where there are none.
    package static func providers(_ embeddings: (any EmbeddingService)?) throws(JadeError) -> any EmbeddingService {
        guard let embeddings, !embeddings.providers.isEmpty else {
            throw .notFound("this server has no embedding provider: set embedding.providers")
        }
        return embeddings
    }

    /// Vectors whose texts, by their positions, have become values.
    package func embedded(_ request: UpsertRequest, in database: String) async throws(JadeError) -> [VectorRecord] {
        guard !request.texts.isEmpty else { return request.vectors }
        var vectors = request.vectors
        let places = request.texts.keys.sorted()
        let values = try await values(of: places.map { request.texts[$0] ?? "" }, in: database)
        for (place, values) in zip(places, values) { vectors[place].values = values }
        return vectors
    }

    /// Searches whose texts, by their positions, have become values.
    package func embedded(_ request: SearchBatchRequest, in database: String) async throws(JadeError) -> [SearchRequest] {
        guard !request.texts.isEmpty else { return request.searches }
        var searches = request.searches
        let places = request.texts.keys.sorted()
        let values = try await values(of: places.map { request.texts[$0] ?? "" }, in: database)
        for (place, values) in zip(places, values) { searches[place].query = .values(values) }
        return searches
    }

    /// The vectors of texts. They must fit the database.
    private func values(of texts: [String], in database: String) async throws(JadeError) -> [[Float]] {
        let specification = try await databases.describeDatabase(database).specification
        guard let provider = specification.embedding else {
            throw .invalidArgument("database \(database.debugDescription) names no embedding provider: send \"values\" instead of \"text\"")
        }
        let vectors = try await Self.providers(embeddings).embed(texts, with: provider)
        if let first = vectors.first, first.count != specification.field.dimension {
            throw .invalidArgument(
                "embedding provider \(provider.debugDescription) gives \(first.count) dimensions, database \(database.debugDescription) expects \(specification.field.dimension)")
        }
        return vectors
    }
}
