import JadeCore
import JadeJSON

/// Stored things as one cell of a table.
enum Shown {
    static func metadata(_ metadata: Metadata) -> String { String(decoding: MetadataJSON.encode(metadata), as: UTF8.self) }

    static func values(_ values: [Float]) -> String {
        let shown = values.prefix(4).map { Numbers.decimal(Double($0), places: 4) }.joined(separator: " ")
        return values.count > 4 ? "\(shown) … (\(values.count))" : shown
    }

    static func field(_ path: FieldPath, of metadata: Metadata) -> String {
        var value = MetadataValue.object(metadata)
        for key in path.keys {
            guard case .object(let members) = value, let member = members[key] else { return "" }
            value = member
        }
        return text(value)
    }

    private static func text(_ value: MetadataValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): String(value)
        case .integer(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): value
        case .array(let elements): elements.map(text).joined(separator: ", ")
        case .object(let members): metadata(members)
        }
    }
}
