package import JadeCore
package import JadeJSON

/// One search that may have a text in place of values.
package struct TextSearch: WireDecodable, Sendable {
    package var search: SearchRequest
    package var text: String?

    package init(json: JSONElement) throws(JadeError) {
        var text: String?
        search = try SearchRequest(json: json, text: &text)
        self.text = text
    }
}

/// `POST /v1/embeddings`: `{"model","input":text|[texts]}`; the model is a provider's name. As OpenAI's interface has it, so that its
/// clients can ask.
package struct EmbeddingRequest: WireDecodable, Sendable, Hashable {
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
}

/// `{"object":"list","data":[{"object":"embedding","index","embedding":[…]}],"model"}`.
package struct EmbeddingList: WireEncodable, Sendable {
    package var provider: String
    package var vectors: [[Float]]

    package init(provider: String, vectors: [[Float]]) {
        self.provider = provider
        self.vectors = vectors
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
