public import JadeCore

/// A vector as a text: what the database's embedding provider makes of it is stored under the id.
public struct TextRecord: Sendable, Hashable {
    public var id: VectorID
    public var text: String
    public var metadata: Metadata
    public var expiry: Expiry?

    public init(id: VectorID, text: String, metadata: Metadata = [:], expiry: Expiry? = nil) {
        self.id = id
        self.text = text
        self.metadata = metadata
        self.expiry = expiry
    }
}

extension UpsertRequest {
    package init(texts records: [TextRecord]) {
        self.init(records.map { VectorRecord(id: $0.id, values: [], metadata: $0.metadata, expiry: $0.expiry) })
        for (position, record) in records.enumerated() { texts[position] = record.text }
    }
}
