import JadeAPI
import JadeCore
import JadeJSON

/// `{"status":"ok"}`.
struct Health: WireEncodable {
    let status: String

    init(_ status: String) { self.status = status }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("status")
        writer.string(status)
        writer.endObject()
    }
}

/// The indexes of a database, one for each vector field: `{"indexes":[…]}`.
struct IndexList: WireEncodable {
    let indexes: [IndexStatus]

    init(_ indexes: [IndexStatus]) { self.indexes = indexes }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("indexes")
        writer.beginArray()
        for index in indexes { index.write(to: &writer) }
        writer.endArray()
        writer.endObject()
    }
}

/// A vector whose id stands in the path: `{"values"|"text","metadata","expires_at","ttl_seconds"}`; an id that is given all the same must be that one.
struct VectorContent: WireDecodable {
    private(set) var id: VectorID?
    /// Empty where a text stands for them.
    private(set) var values: [Float]
    private(set) var text: String?
    private(set) var metadata: Metadata = [:]
    private(set) var expiry: Expiry?

    init(json: JSONElement) throws(JadeError) {
        guard let members = json.members else { throw .invalidArgument("vector is \(json.kindPhrase), expected an object") }
        var values: [Float]?
        var expiry = ExpiryFields()
        var seen: Set<String> = []
        for (key, value) in members {
            let name = key.string
            guard seen.insert(name).inserted else { throw .invalidArgument("\"\(name)\" occurs twice in vector") }
            switch name {
            case "id": id = try value.vectorID(name)
            case "text":
                if value.isNull { continue }
                guard let given = value.string else { throw .invalidArgument("\"text\" is \(value.kindPhrase), expected a string") }
                text = given
            case "values": if !value.isNull { values = try value.vectorValues(name) }
            case "metadata": if !value.isNull { metadata = try value.metadata(name) }
            case "expires_at": if !value.isNull { try expiry.read(expiresAt: value) }
            case "ttl_seconds": if !value.isNull { try expiry.read(ttlSeconds: value) }
            default:
                throw .invalidArgument(
                    "unknown field \(name.prefix(64).debugDescription) in vector, expected one of id, values, text, metadata, expires_at, ttl_seconds")
            }
        }
        guard text == nil || values == nil else { throw .invalidArgument("vector has both \"values\" and \"text\", expected one of them") }
        if text != nil { values = [] }
        guard let values else { throw .invalidArgument("\"values\" is missing in vector") }
        self.values = values
        self.expiry = expiry.expiry
    }

    /// The vector under the path's id, which is a number only where the body says so.
    func record(id path: VectorID) throws(JadeError) -> VectorRecord {
        if let id, id.text != path.text {
            throw .invalidArgument("the body names vector \(id.text.debugDescription), the path \(path.text.debugDescription)")
        }
        return VectorRecord(id: id ?? path, values: values, metadata: metadata, expiry: expiry)
    }
}
