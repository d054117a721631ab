package import JadeCore

/// Metadata as JSON text: what the log, the metadata database and the wire hold.
package enum MetadataJSON {
    /// Compact JSON with the keys of every object sorted by their UTF-8 bytes, so that equal metadata gives equal bytes.
    ///
    /// The metadata must have passed ``validate(_:)`` or come from ``decode(_:)-(UnsafeRawBufferPointer)``: numbers that
    /// are not finite are written as `null`.
    package static func encode(_ metadata: Metadata) -> [UInt8] {
        var writer = JSONWriter()
        writer.metadata(metadata)
        return writer.bytes
    }

    /// The metadata that a JSON object says.
    ///
    /// - Throws: `invalidArgument` when the text is not a JSON object, repeats a key, or holds an integer beyond 64 signed
    ///   bits; `tooLarge` over the limit of a document.
    package static func decode(_ bytes: UnsafeRawBufferPointer) throws(JadeError) -> Metadata {
        try JSONParserPool.shared.withDocument(bytes) { (root) throws(JadeError) in
            try root.metadata("metadata")
        }
    }

    /// The metadata that a JSON object says: see ``decode(_:)-(UnsafeRawBufferPointer)``.
    package static func decode(_ bytes: [UInt8]) throws(JadeError) -> Metadata {
        try bytes.withRawBytes { (buffer) throws(JadeError) in try decode(buffer) }
    }

    /// Checks metadata that did not come from JSON: what JSON cannot say is refused, as is nesting beyond
    /// ``Limits/maximumJSONDepth``.
    package static func validate(_ metadata: Metadata) throws(JadeError) {
        try validate(.object(metadata), depth: 1)
    }

    private static func validate(_ value: MetadataValue, depth: Int) throws(JadeError) {
        switch value {
        case .null, .bool, .integer, .string: return
        case .double(let number):
            guard number.isFinite else { throw .invalidArgument("metadata holds \(number), expected finite numbers") }
        case .array(let elements):
            try requireDepth(depth)
            for element in elements { try validate(element, depth: depth + 1) }
        case .object(let members):
            try requireDepth(depth)
            for member in members.values { try validate(member, depth: depth + 1) }
        }
    }

    private static func requireDepth(_ depth: Int) throws(JadeError) {
        guard depth <= Limits.maximumJSONDepth else {
            throw .invalidArgument("metadata is nested more than \(Limits.maximumJSONDepth) levels deep")
        }
    }
}

extension JSONWriter {
    /// An object with sorted keys.
    package mutating func metadata(_ metadata: Metadata) {
        beginObject()
        for (name, value) in metadata.sorted(by: { Self.precedes($0.key, $1.key) }) {
            key(name)
            metadataValue(value)
        }
        endObject()
    }

    package mutating func metadataValue(_ value: MetadataValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        case .object(let members): metadata(members)
        case .array(let elements):
            beginArray()
            for element in elements { metadataValue(element) }
            endArray()
        }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension JSONElement {
    /// An object as metadata.
    ///
    /// - Parameter name: what messages call it.
    package func metadata(_ name: String) throws(JadeError) -> Metadata {
        guard let members else { throw .invalidArgument("\(quoted(name)) is \(kindPhrase), expected an object") }
        return try Self.metadata(members, count: count)
    }

    /// The recursion is as deep as the document, which the parser limits.
    private static func metadata(_ members: JSONMembers, count: Int) throws(JadeError) -> Metadata {
        var metadata = Metadata(minimumCapacity: count)
        for (key, element) in members {
            let key = key.string
            guard metadata.updateValue(try element.metadataValue(at: key), forKey: key) == nil else {
                throw .invalidArgument("\(quoted(key)) occurs twice in metadata")
            }
        }
        return metadata
    }

    private func metadataValue(at key: String) throws(JadeError) -> MetadataValue {
        switch kind {
        case .null: return .null
        case .bool: return .bool(bool ?? false)
        case .string: return .string(string ?? "")
        case .integer, .unsigned, .double: return try metadataNumber(at: key)
        case .array:
            var values: [MetadataValue] = []
            values.reserveCapacity(count)
            for element in JSONElements(inside: self) { values.append(try element.metadataValue(at: key)) }
            return .array(values)
        case .object: return .object(try Self.metadata(JSONMembers(JSONElements(inside: self)), count: count))
        }
    }

    private func metadataNumber(at key: String) throws(JadeError) -> MetadataValue {
        if let integer = int64 { return .integer(integer) }
        if kind == .double, let number = double { return .double(number) }
        throw .invalidArgument(
            "\(quoted(key)) in metadata is \(uint64 ?? 0), which is beyond 64 signed bits: send it as a string")
    }
}
