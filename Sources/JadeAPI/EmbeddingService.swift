public import JadeCore

/// Texts to vectors, by providers that a server's configuration names.
public protocol EmbeddingService: Sendable {
    /// Their names, in order.
    var providers: [String] { get }
    /// One vector for each text, all of one dimension. `notFound` for a provider that is not configured, `unavailable` and `overloaded`
    /// while it cannot be asked.
    func embed(_ texts: [String], with provider: String) async throws(JadeError) -> [[Float]]
}
