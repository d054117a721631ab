import JadeEmbedding

extension ServerConfiguration {
    static let embeddingOptions: [ConfigurationOption] = [
        ConfigurationOption(
            section: "embedding", name: "providers",
            expected: "name=url#model pairs with commas between them, or nothing; a url is that of an OpenAI-compatible /v1/embeddings",
            summary: "Services that make vectors of texts, by the names that databases use: OpenAI, Ollama, vLLM, text-embeddings-inference and "
                + "whatever else answers POST requests with model and input. The key of one comes from the environment alone: "
                + "JADEVECTORDB_EMBEDDING_<NAME>_API_KEY."
        ) {
            $0.embedding.providers.map { "\($0.name)=\($0.text)" }.joined(separator: ",")
        } assign: { configuration, text in
            guard let providers = EmbeddingProvider.list(text) else { return false }
            configuration.embedding.providers = providers
            return true
        },
        .integer("embedding", "batch_size", \.embedding.settings.batchSize, in: 1...2_048, "Texts of one request to a provider."),
        .integer("embedding", "concurrency", \.embedding.settings.concurrency, in: 1...256, "Requests to one provider at a time; others wait."),
        .integer(
            "embedding", "timeout_ms", \.embedding.settings.timeoutMilliseconds, in: 1...600_000,
            "Milliseconds that a provider has for one answer; after that it is asked again, as after other passing failures."),
        .integer("embedding", "tries", \.embedding.settings.tries, in: 1...20, "How often one request is tried, the first time included."),
        .integer(
            "embedding", "failures_until_open", \.embedding.settings.failuresUntilOpen, in: 1...1_000,
            "Requests that fail one after the other until a provider is left alone; what needs it is then refused at once with 503."),
        .integer(
            "embedding", "open_ms", \.embedding.settings.openMilliseconds, in: 1...3_600_000,
            "Milliseconds for which it is left alone; then one request tries."),
        .integer(
            "embedding", "cache_entries", \.embedding.settings.cacheEntries, in: 0...10_000_000,
            "Texts whose vectors are remembered for each provider; 0 remembers none."),
    ]
}
