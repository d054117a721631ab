import JadeAPI
import JadeCore
import JadeJSON

/// What `--output json` prints: the server's own JSON.
enum JSONOutput {
    static func database(_ description: DatabaseDescription) -> [UInt8] { WireJSON.encode(description) }
    static func databases(_ list: [DatabaseDescription]) -> [UInt8] { WireJSON.encode(DatabaseList(list)) }
    static func vector(_ vector: StoredVector) -> [UInt8] { WireJSON.encode(vector) }
    static func search(_ response: SearchResponse) -> [UInt8] { WireJSON.encode(response) }
    static func status(_ status: NodeStatus) -> [UInt8] { WireJSON.encode(status) }

    /// A flat object, its keys in this order.
    static func object(_ members: [(key: String, value: MetadataValue)]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for member in members {
            writer.key(member.key)
            writer.metadataValue(member.value)
        }
        writer.endObject()
        return writer.bytes
    }
}

/// JSON that comes from the command line or a file.
enum JSONInput {
    static func filter(_ text: String) throws(JadeError) -> Filter {
        do { return try WireJSON.decode(from: Array(text.utf8)) } catch { throw JadeError(error.code, "--filter: \(error.message)") }
    }

    static func vector(_ line: [UInt8]) throws(JadeError) -> VectorRecord { try WireJSON.decode(from: line) }
}
