package import JadeAPI
package import JadeCore
package import JadeIO

/// Texts to vectors by the providers that are configured.
package final class TextEmbedding: EmbeddingService {
    private let clients: [String: ProviderClient]

    /// - Parameter environment: Where the providers' keys are: ``EmbeddingProvider/keyVariable``.
    package init(
        _ providers: [EmbeddingProvider], settings: EmbeddingSettings = EmbeddingSettings(), environment: [String: String] = [:],
        clock: any Clock = SystemClock(), random: any RandomSource = SystemRandomSource()
    ) {
        var clients: [String: ProviderClient] = [:]
        for provider in providers {
            clients[provider.name] = ProviderClient(
                provider, key: environment[provider.keyVariable], settings: settings, clock: clock, random: random)
        }
        self.clients = clients
    }

    package var providers: [String] { clients.keys.sorted() }

    package func embed(_ texts: [String], with provider: String) async throws(JadeError) -> [[Float]] {
        guard let client = clients[provider] else {
            let known = clients.isEmpty ? "none is configured: set embedding.providers" : "expected one of \(providers.joined(separator: ", "))"
            throw .notFound("there is no embedding provider \(provider.debugDescription), \(known)")
        }
        for (index, text) in texts.enumerated() {
            guard text.utf8.count <= Limits.maximumTextBytes else {
                throw .tooLarge("text \(index) has \(text.utf8.count) bytes, the limit is \(Limits.maximumTextBytes)")
            }
            guard !text.isEmpty else { throw .invalidArgument("text \(index) is empty") }
        }
        return try await client.embed(texts)
    }
}
