import JadeAPI
import JadeCore
import JadeJSON

/// What a provider answers: `{"data":[{"index":0,"embedding":[…]},…]}`. Members that nobody knows are passed over.
struct EmbeddingAnswer: WireDecodable {
    /// By the index of their text.
    private(set) var embeddings: [Int: [Float]] = [:]

    init(json: JSONElement) throws(JadeError) {
        guard let members = json.members else { throw .invalidArgument("it is \(json.kindPhrase)") }
        for (key, value) in members where key.string == "data" {
            guard let elements = value.elements else { throw .invalidArgument("\"data\" is \(value.kindPhrase)") }
            for (position, element) in elements.enumerated() { try read(element, at: position) }
        }
    }

    private mutating func read(_ element: JSONElement, at position: Int) throws(JadeError) {
        guard let members = element.members else { throw .invalidArgument("\"data\"[\(position)] is \(element.kindPhrase)") }
        var (index, values): (Int, [Float]?) = (position, nil)
        for (key, value) in members {
            switch key.string {
            case "index": if let number = value.int64 { index = Int(number) }
            case "embedding": values = try value.vectorValues("embedding")
            default: continue
            }
        }
        guard let values else { throw .invalidArgument("\"data\"[\(position)] has no \"embedding\"") }
        embeddings[index] = values
    }
}

/// What a provider is asked.
struct EmbeddingQuestion: WireEncodable {
    let model: String
    let texts: ArraySlice<String>

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("model")
        writer.string(model)
        writer.key("input")
        writer.beginArray()
        for text in texts { writer.string(text) }
        writer.endArray()
        writer.key("encoding_format")
        writer.string("float")
        writer.endObject()
    }
}
