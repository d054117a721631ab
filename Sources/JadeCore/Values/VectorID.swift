/// The name of a vector inside its database: a string, a UUID or an unsigned integer.
///
/// Two ids are the same when their texts are: `42` and `"42"` name one vector, so a path such as `/vectors/42` is never
/// ambiguous. ``isInteger`` only remembers how the id was written, so that answers show it the same way.
public struct VectorID: Sendable {
    /// 1 to ``Limits/maximumIDBytes`` bytes of UTF-8 without control characters.
    public let text: String
    /// Whether the id was given as a number.
    public let isInteger: Bool

    public init(_ text: String) throws(JadeError) {
        let byteCount = text.utf8.count
        guard byteCount > 0 else { throw .invalidArgument("vector id is empty, expected 1 to \(Limits.maximumIDBytes) bytes") }
        guard byteCount <= Limits.maximumIDBytes else {
            throw .invalidArgument("vector id has \(byteCount) bytes, the limit is \(Limits.maximumIDBytes)")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            throw .invalidArgument("vector id \(text.debugDescription) contains a control character")
        }
        self.text = text
        self.isInteger = false
    }

    public init(_ number: UInt64) {
        self.text = String(number)
        self.isInteger = true
    }

    /// An id read back from a place that has checked it before.
    package init(uncheckedText text: String, isInteger: Bool) {
        self.text = text
        self.isInteger = isInteger
    }
}

/// By bytes, as everything on disk compares them: Swift's own string equality would merge ids that differ only in
/// Unicode normalization.
extension VectorID: Hashable {
    public static func == (left: VectorID, right: VectorID) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension VectorID: CustomStringConvertible {
    public var description: String { text }
}

extension VectorID: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt64) { self.init(value) }
}
