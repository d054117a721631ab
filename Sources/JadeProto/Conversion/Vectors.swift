#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif
package import JadeCore
internal import JadeAPI
internal import JadeJSON

extension VectorID {
    /// - Throws: `invalidArgument` for one that is missing, empty, too long or holds control characters.
    package init(_ proto: ProtoVectorId, _ field: String = "id") throws(JadeError) {
        switch proto.kind {
        case .text(let text): try self.init(text)
        case .number(let number): self.init(number)
        case nil: throw .invalidArgument("\(field) is missing")
        }
    }
}

extension ProtoVectorId {
    package init(_ id: VectorID) {
        self.init()
        if id.isInteger, let number = UInt64(id.text) { kind = .number(number) } else { kind = .text(id.text) }
    }
}

extension ProtoValues {
    package init(_ values: [Float], form: ProtoValuesForm = .packed) {
        self.init()
        if form == .floats {
            floats = values
        } else {
            packed = values.withUnsafeBytes { Data($0) }
            #if _endian(big)
            #error("components are written as they lie in memory, little-endian")
            #endif
        }
    }

    /// The components, whichever form they have.
    ///
    /// - Throws: `invalidArgument` where both forms are given or bytes are not whole numbers, `tooLarge` over
    ///   ``Limits/maximumDimension``.
    package func components(_ field: String = "values") throws(JadeError) -> [Float] {
        let count = floats.isEmpty ? packed.count / 4 : floats.count
        guard count <= Limits.maximumDimension else {
            throw .tooLarge("\(field) has \(count) components, the limit is \(Limits.maximumDimension)")
        }
        if packed.isEmpty { return floats }
        guard floats.isEmpty else { throw .invalidArgument("\(field) has both floats and packed, expected one of them") }
        guard packed.count % 4 == 0 else {
            throw .invalidArgument("\(field).packed has \(packed.count) bytes, expected 4 for each component")
        }
        return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = packed.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }
}

extension Expiry {
    package init(_ proto: ProtoExpiry) throws(JadeError) {
        switch proto.kind {
        case .atMilliseconds(let milliseconds): self = .at(milliseconds: milliseconds)
        case .afterSeconds(let seconds): self = .after(seconds: Int(seconds))
        case .never(true): self = .never
        case .never(false), nil: throw .invalidArgument("expiry says nothing, expected at_milliseconds, after_seconds or never")
        }
        try validate()
    }
}

extension ProtoExpiry {
    package init(_ expiry: Expiry) {
        self.init()
        switch expiry {
        case .at(let milliseconds): atMilliseconds = milliseconds
        case .after(let seconds): afterSeconds = Int64(seconds)
        case .never: never = true
        }
    }
}

/// Metadata and filters travel as the JSON that every door speaks: integers stay exact, and there is one reader with one set of
/// limits.
enum WireText {
    static func metadata(_ json: String) throws(JadeError) -> Metadata {
        json.isEmpty ? [:] : try MetadataJSON.decode(Array(json.utf8))
    }

    static func text(_ metadata: Metadata) -> String {
        metadata.isEmpty ? "{}" : String(decoding: MetadataJSON.encode(metadata), as: UTF8.self)
    }

    static func filter(_ json: String) throws(JadeError) -> Filter? {
        json.isEmpty ? nil : try WireJSON.decode(Filter.self, from: Array(json.utf8))
    }

    static func text(_ filter: Filter?) -> String {
        filter.map { String(decoding: WireJSON.encode($0), as: UTF8.self) } ?? ""
    }
}

extension VectorRecord {
    /// A record whose values are empty where a text stands in their place.
    package init(_ proto: ProtoVectorRecord) throws(JadeError) {
        guard proto.hasValues != !proto.text.isEmpty else {
            throw .invalidArgument(proto.hasValues ? "both values and text are given, expected one of them" : "values or text is missing")
        }
        self.init(
            id: try VectorID(proto.id), values: try proto.values.components(), metadata: try WireText.metadata(proto.metadataJson),
            expiry: proto.hasExpiry ? try Expiry(proto.expiry) : nil)
    }
}

extension ProtoVectorRecord {
    package init(_ record: VectorRecord) {
        self.init()
        id = ProtoVectorId(record.id)
        values = ProtoValues(record.values)
        if !record.metadata.isEmpty { metadataJson = WireText.text(record.metadata) }
        if let expiry = record.expiry { self.expiry = ProtoExpiry(expiry) }
    }
}

extension StoredVector {
    package init(_ proto: ProtoStoredVector) throws(JadeError) {
        self.init(
            id: try VectorID(proto.id), values: proto.hasValues ? try proto.values.components() : nil,
            metadata: proto.hasMetadataJson ? try WireText.metadata(proto.metadataJson) : nil,
            expiresAtMilliseconds: proto.hasExpiresAtMilliseconds ? proto.expiresAtMilliseconds : nil,
            version: proto.version.isEmpty ? nil : proto.version)
    }
}

extension ProtoStoredVector {
    package init(_ vector: StoredVector, form: ProtoValuesForm) {
        self.init()
        id = ProtoVectorId(vector.id)
        if let values = vector.values { self.values = ProtoValues(values, form: form) }
        if let metadata = vector.metadata { metadataJson = WireText.text(metadata) }
        if let milliseconds = vector.expiresAtMilliseconds { expiresAtMilliseconds = milliseconds }
        if let version = vector.version { self.version = version }
    }
}

extension VectorParts {
    package init(_ proto: ProtoParts) {
        self = []
        if proto.values { insert(.values) }
        if proto.metadata { insert(.metadata) }
        if proto.version { insert(.version) }
    }
}

extension ProtoParts {
    package init(_ parts: VectorParts) {
        self.init()
        values = parts.contains(.values)
        metadata = parts.contains(.metadata)
        version = parts.contains(.version)
    }
}

extension WriteResult {
    package init(_ proto: ProtoWriteResult) { self.init(count: Int(count: proto.count), sequence: proto.sequence) }
}

extension ProtoWriteResult {
    package init(_ result: WriteResult) {
        self.init()
        count = UInt64(count: result.count)
        sequence = result.sequence
    }
}
