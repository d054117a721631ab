package import JadeCore
package import JadeJSON

/// `POST …/search/batch`: `{"searches":[…]}`.
package struct SearchBatchRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var searches: [SearchRequest]

    private enum Field: String, WireField {
        case searches
    }

    package init(_ searches: [SearchRequest]) { self.searches = searches }

    package init(json: JSONElement) throws(JadeError) {
        var searches: [SearchRequest]?
        try json.readFields(Field.self, of: "search batch") { (field, value) throws(JadeError) in
            searches = try value.list(field.rawValue, limit: Limits.maximumBatchQueries) { (element) throws(JadeError) in
                try SearchRequest(json: element)
            }
        }
        self.init(try required(searches, Field.searches, of: "search batch"))
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
