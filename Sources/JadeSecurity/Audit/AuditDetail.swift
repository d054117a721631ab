import JadeJSON

/// What else matters of an event, as a JSON object; names may hold anything.
enum AuditDetail {
    static func object(_ fields: KeyValuePairs<StaticString, [String]>) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, values) in fields {
            writer.key(key)
            if values.count == 1 {
                writer.string(values[0])
            } else {
                writer.beginArray()
                for value in values { writer.string(value) }
                writer.endArray()
            }
        }
        writer.endObject()
        return writer.withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
