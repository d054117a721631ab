internal import CJadeJSON
package import JadeCore

/// Parses JSON documents with simdjson, one at a time; its buffers are reused from one to the next.
///
/// Not for concurrent use: see ``JSONParserPool``.
package final class JSONParser {
    /// Bytes behind a document that the caller must be able to vouch for to have it parsed without a copy.
    package static let padding = jade_json_padding()

    private let handle: OpaquePointer
    private let maximumBytes: Int
    private let maximumDepth: Int

    /// - Parameters:
    ///   - maximumBytes: the longest document, in bytes.
    ///   - maximumDepth: the deepest nesting of arrays and objects.
    package init(
        maximumBytes: Int = Limits.defaultMaximumBodyBytes, maximumDepth: Int = Limits.maximumJSONDepth
    ) throws(JadeError) {
        guard let handle = jade_json_parser_create(maximumBytes, maximumDepth) else {
            throw .resourceExhausted("no memory for a JSON parser")
        }
        self.handle = handle
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
    }

    deinit { jade_json_parser_destroy(handle) }

    /// Bytes of the longest document that fits the buffers as they are.
    package var capacity: Int { jade_json_parser_capacity(handle) }

    /// Parses a document and hands its root to `body`; elements must not leave the closure.
    ///
    /// - Parameters:
    ///   - bytes: the document, UTF-8.
    ///   - slack: how many bytes behind it may be read; with ``padding`` or more the document is not copied.
    /// - Throws: `tooLarge` over the limit, `invalidArgument` with the place of the fault when it is not JSON,
    ///   `resourceExhausted` without memory, and what `body` throws.
    ///
    /// Complexity: linear, around a nanosecond a byte.
    package func withDocument<Result>(
        _ bytes: UnsafeRawBufferPointer, slack: Int = 0, _ body: (JSONElement) throws(JadeError) -> Result
    ) throws(JadeError) -> Result {
        let start = bytes.bindMemory(to: UInt8.self).baseAddress
        let status = jade_json_parse(handle, start, bytes.count, slack)
        guard status == JADE_JSON_OK, let tape = jade_json_tape(handle), let strings = jade_json_strings(handle) else {
            throw failure(status, bytes)
        }
        let root = JSONElement(tape: tape, strings: strings, index: 1)
        let result = try body(root)
        // `body` worked on memory of the parser: it must outlive the call.
        withExtendedLifetime(self) {}
        return result
    }

    private func failure(_ status: jade_json_status, _ bytes: UnsafeRawBufferPointer) -> JadeError {
        switch status {
        case JADE_JSON_TOO_LONG: .tooLarge("JSON document has \(bytes.count) bytes, the limit is \(maximumBytes)")
        case JADE_JSON_OUT_OF_MEMORY: .resourceExhausted("no memory to parse \(bytes.count) bytes of JSON")
        default:
            JSONDiagnosis.error(in: bytes, maximumDepth: maximumDepth)
                ?? .invalidArgument("invalid JSON: \(String(cString: jade_json_message(handle)))")
        }
    }
}

extension JSONParser {
    /// Parses the bytes of an array: see ``withDocument(_:slack:_:)-(UnsafeRawBufferPointer,_,_)``.
    package func withDocument<Result>(
        _ bytes: [UInt8], _ body: (JSONElement) throws(JadeError) -> Result
    ) throws(JadeError) -> Result {
        try bytes.withRawBytes { (buffer) throws(JadeError) in try withDocument(buffer, body) }
    }
}
