import JadeCore
import JadeJSON

/// A parsed JSON text to look into.
struct JSONDocument {
    let root: MetadataValue

    init(_ members: Metadata) { root = .object(members) }

    init(_ text: String) throws(JadeError) {
        root = try .object(MetadataJSON.decode(Array(text.utf8)))
    }

    /// Keys and indexes joined by dots.
    subscript(path: String) -> MetadataValue? {
        var value = root
        for part in path.split(separator: ".") {
            switch value {
            case .object(let members):
                guard let member = members[String(part)] else { return nil }
                value = member
            case .array(let elements):
                guard let index = Int(part), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}
