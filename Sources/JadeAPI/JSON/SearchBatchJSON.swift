package import JadeCore
package import JadeJSON

/// `POST …/search/batch`: `{"searches":[…]}`.
package struct SearchBatchRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var searches: [SearchRequest]
    /// Texts by the position of the search whose values they stand for.
    package var texts: [Int: String] = [:]

    private enum Field: String, WireField {
        case searches
    }

    package init(_ searches: [SearchRequest]) { self.searches = searches }

    package init(json: JSONElement) throws(JadeError) {
        var searches: [SearchRequest]?
        var texts: [Int: String] = [:]
        var position = 0
        try json.readFields(Field.self, of: "search batch") { (field, value) throws(JadeError) in
            searches = try value.list(field.rawValue, limit: Limits.maximumBatchQueries) { (element) throws(JadeError) in
                var text: String?
                let search = try SearchRequest(json: element, text: &text)
                texts[position] = text
                position += 1
                return search
            }
        }
        self.init(try required(searches, Field.searches, of: "search batch"))
        self.texts = texts
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("searches", searches) { $0.write(to: &$1) }
        writer.endObject()
    }
}

/// `{"responses":[…]}`, in the order of the searches.
package struct SearchBatchResponse: WireDecodable, WireEncodable, Sendable, Hashable {
    package var responses: [SearchResponse]

    private enum Field: String, WireField {
        case responses
    }

    package init(_ responses: [SearchResponse]) { self.responses = responses }

    package init(json: JSONElement) throws(JadeError) {
        var responses: [SearchResponse]?
        try json.readFields(Field.self, of: "search batch answer", unknown: .ignored) { (field, value) throws(JadeError) in
            responses = try value.list(field.rawValue, limit: Limits.maximumBatchQueries) { (element) throws(JadeError) in
                try SearchResponse(json: element)
            }
        }
        self.init(try required(responses, Field.responses, of: "search batch answer"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("responses", responses) { $0.write(to: &$1) }
        writer.endObject()
    }
}
