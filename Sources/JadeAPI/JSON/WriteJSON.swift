package import JadeCore
package import JadeJSON

/// The answer to a write: `{"upserted":n,"sequence":s}`, `{"deleted":…}` or `{"updated":…}`.
package struct WriteAnswer: WireDecodable, WireEncodable, Sendable, Hashable {
    package enum Verb: String, Sendable, CaseIterable {
        case upserted, deleted, updated
    }

    package var verb: Verb
    package var result: WriteResult

    private enum Field: String, WireField {
        case upserted, deleted, updated, sequence
    }

    package init(_ verb: Verb, _ result: WriteResult) {
        self.verb = verb
        self.result = result
    }

    package init(json: JSONElement) throws(JadeError) {
        var verb: Verb?
        var count = 0
        var sequence: UInt64?
        try json.readFields(Field.self, of: "write answer", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .sequence: sequence = try value.unsigned(field.rawValue)
            case .upserted, .deleted, .updated:
                verb = Verb(rawValue: field.rawValue)
                count = try value.integer(field.rawValue)
            }
        }
        guard let verb else { throw .invalidArgument("\"upserted\", \"deleted\" or \"updated\" is missing in write answer") }
        self.init(verb, WriteResult(count: count, sequence: try required(sequence, Field.sequence, of: "write answer")))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key(verb.rawValue)
        writer.integer(result.count)
        writer.key("sequence")
        writer.integer(result.sequence)
        writer.endObject()
    }
}

/// `PATCH …/vectors/{id}` (merge) and `PUT …/vectors/{id}/metadata` (replace): `{"metadata":{…}}`. The method says which of
/// ``MetadataChange`` it becomes. A `null` inside removes its key, so it is kept here.
package struct MetadataRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var metadata: Metadata

    private enum Field: String, WireField {
        case metadata
    }

    package init(_ metadata: Metadata) { self.metadata = metadata }

    /// The body for a change, whichever it is.
    package init(_ change: MetadataChange) {
        switch change {
        case .merge(let metadata), .replace(let metadata): self.metadata = metadata
        }
    }

    package init(json: JSONElement) throws(JadeError) {
        var metadata: Metadata?
        try json.readFields(Field.self, of: "metadata update") { (field, value) throws(JadeError) in
            metadata = try value.metadata(field.rawValue)
        }
        self.init(try required(metadata, Field.metadata, of: "metadata update"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("metadata")
        writer.metadata(metadata)
        writer.endObject()
    }
}
