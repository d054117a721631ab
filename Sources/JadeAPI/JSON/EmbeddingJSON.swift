package import JadeCore
package import JadeJSON

/// One search that may have a text in place of values.
package struct TextSearch: WireDecodable, WireEncodable, Sendable {
    package var search: SearchRequest
    package var text: String?

    package init(json: JSONElement) throws(JadeError) {
        var text: String?
        search = try SearchRequest(json: json, text: &text)
        self.text = text
    }

    package init(_ search: SearchRequest, text: String) {
        self.search = search
        self.text = text
    }

    package func write(to writer: inout JSONWriter) {
        guard let text else { return search.write(to: &writer) }
        writer.beginObject()
        writer.field("text", text)
        search.writeOptions(to: &writer)
        writer.endObject()
    }
}

/// `POST /v1/embeddings`: `{"model","input":text|[texts]}`; the model is a provider's name. As OpenAI's interface has it, so that its
/// clients can ask.
package struct EmbeddingRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var provider: String
    package var texts: [String] = []

    private enum Field: String, WireField {
        case model, input
        case encodingFormat = "encoding_format"
        case user
    }

    package init(json: JSONElement) throws(JadeError) {
        var (provider, input): (String?, [String]?) = (nil, nil)
        try json.readFields(Field.self, of: "embedding request") { (field, value) throws(JadeError) in
            switch field {
            case .model: provider = try value.string(field.rawValue)
            case .input:
                if let text = value.string { input = [text] } else {
                    input = try value.list(field.rawValue, limit: Limits.maximumBatchOperations) { (text) throws(JadeError) in
                        try text.string(field.rawValue)
                    }
                }
            case .encodingFormat:
                let format = try value.string(field.rawValue)
                guard format == "float" else { throw .invalidArgument("\"encoding_format\" is \(shown(format)), expected \"float\"") }
            case .user: _ = try value.string(field.rawValue)
            }
        }
        self.provider = try required(provider, Field.model, of: "embedding request")
        texts = try required(input, Field.input, of: "embedding request")
    }

    package init(_ texts: [String], with provider: String) {
        self.texts = texts
        self.provider = provider
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("model", provider)
        writer.list("input", texts) { $1.string($0) }
        writer.endObject()
    }
}

/// `{"object":"list","data":[{"object":"embedding","index","embedding":[…]}],"model"}`.
package struct EmbeddingList: WireDecodable, WireEncodable, Sendable {
    package var provider: String
    package var vectors: [[Float]]

    package init(provider: String, vectors: [[Float]]) {
        self.provider = provider
        self.vectors = vectors
    }

    private enum Field: String, WireField {
        case data, model
    }

    private struct Entry: WireDecodable {
        let values: [Float]

        private enum Field: String, WireField {
            case embedding
        }

        init(json: JSONElement) throws(JadeError) {
            var values: [Float]?
            try json.readFields(Field.self, of: "embedding", unknown: .ignored) { (field, value) throws(JadeError) in
                values = try value.floats(field.rawValue, limit: Limits.maximumDimension)
            }
            self.values = try required(values, Field.embedding, of: "embedding")
        }
    }

    package init(json: JSONElement) throws(JadeError) {
        var (provider, vectors): (String?, [[Float]]?) = (nil, nil)
        try json.readFields(Field.self, of: "embeddings", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .model: provider = try value.string(field.rawValue)
            case .data:
                vectors = try value.list(field.rawValue, limit: Limits.maximumBatchOperations) { (entry) throws(JadeError) in
                    try Entry(json: entry).values
                }
            }
        }
        self.init(provider: try required(provider, Field.model, of: "embeddings"), vectors: try required(vectors, Field.data, of: "embeddings"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("object", "list")
        writer.list("data", Array(vectors.enumerated())) { entry, writer in
            writer.beginObject()
            writer.field("object", "embedding")
            writer.field("index", entry.offset)
            writer.key("embedding")
            writer.floats(entry.element)
            writer.endObject()
        }
        writer.field("model", provider)
        writer.endObject()
    }
}
