package import JadeCore

/// An embedding service that is reached by OpenAI's interface: `POST <url>` with `{"model","input":[…]}`.
package struct EmbeddingProvider: Sendable, Hashable {
    /// The name that databases and requests use.
    package var name: String
    /// The whole address, such as `http://127.0.0.1:11434/v1/embeddings`.
    package var url: String
    package var model: String

    /// `name`, and `url#model`; nil for anything else.
    package init?(name: String, text: String) {
        let parts = text.split(separator: "#", maxSplits: 1)
        guard (try? DatabaseSpecification.validate(name: name)) != nil, parts.count == 2,
            ["http://", "https://"].contains(where: { parts[0].hasPrefix($0) && parts[0].count > $0.count }),
            !text.contains(where: { $0.isWhitespace || $0 == "," })
        else { return nil }
        self.name = name
        (url, model) = (String(parts[0]), String(parts[1]))
    }

    package var text: String { "\(url)#\(model)" }

    /// `name=url#model,name=url#model`; nil when any of them is none, or a name comes twice.
    package static func list(_ text: String) -> [EmbeddingProvider]? {
        var providers: [EmbeddingProvider] = []
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let provider = EmbeddingProvider(name: trimmed(parts[0]), text: trimmed(parts[1])),
                !providers.contains(where: { $0.name == provider.name })
            else { return nil }
            providers.append(provider)
        }
        return providers
    }

    private static func trimmed(_ text: Substring) -> String {
        let head = text.drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(head[...last])
    }

    /// The environment variable that holds its key, if it wants one: a key stands in no file.
    package var keyVariable: String {
        "JADEVECTORDB_EMBEDDING_\(String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" }))_API_KEY"
    }
}

/// How patient and how greedy the service is, for each provider.
package struct EmbeddingSettings: Sendable, Hashable {
    /// Texts of one request to the provider.
    package var batchSize = 64
    /// Requests under way at a time.
    package var concurrency = 4
    package var timeoutMilliseconds = 30_000
    /// Tries of one request, the first one included.
    package var tries = 4
    package var backoffMilliseconds = 200
    package var maximumBackoffMilliseconds = 5_000
    /// Requests that fail one after the other until the provider is left alone.
    package var failuresUntilOpen = 5
    /// For how long it is left alone.
    package var openMilliseconds = 10_000
    /// Texts whose vectors are remembered; 0 remembers none.
    package var cacheEntries = 10_000

    package init() {}
}
