package import JadeCore
package import JadeJSON

/// A value that is read from JSON.
package protocol WireDecodable {
    /// - Throws: `invalidArgument` that names the field, what was expected and what was found; `tooLarge` over a limit.
    init(json: JSONElement) throws(JadeError)
}

/// A value that is written as JSON.
package protocol WireEncodable {
    func write(to writer: inout JSONWriter)
}

/// The wire's JSON, in both directions: a server decodes requests and encodes answers, a client the other way round.
///
/// Requests are read strictly: unknown and repeated fields are errors. Answers are read leniently, so that an older client
/// understands a newer server. In both, `null` stands for a field that is not there.
package enum WireJSON {
    /// Reads one document.
    ///
    /// - Parameters:
    ///   - bytes: the document, UTF-8.
    ///   - slack: how many bytes behind it may be read; with ``JSONParser/padding`` the document is not copied.
    ///   - pool: where the parser comes from, and with it the limits of size and depth.
    package static func decode<Value: WireDecodable>(
        _ type: Value.Type = Value.self, from bytes: UnsafeRawBufferPointer, slack: Int = 0, pool: JSONParserPool = .shared
    ) throws(JadeError) -> Value {
        try pool.withDocument(bytes, slack: slack) { (root) throws(JadeError) in try Value(json: root) }
    }

    package static func decode<Value: WireDecodable>(
        _ type: Value.Type = Value.self, from bytes: [UInt8]
    ) throws(JadeError) -> Value {
        try bytes.withRawBytes { (buffer) throws(JadeError) in try decode(type, from: buffer) }
    }

    package static func encode(_ value: some WireEncodable) -> [UInt8] {
        var writer = JSONWriter()
        value.write(to: &writer)
        return writer.bytes
    }
}
