package import JadeCore

/// The name of an object: segments of letters, digits, `.`, `_` and `-` with slashes between them. It can stand in a path
/// and in a URL as it is; no segment begins with a dot.
package struct ObjectKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// - Throws: `invalidArgument` for anything else, and for more than ``Limits/maximumObjectKeyBytes``.
    package init(_ text: String) throws(JadeError) {
        guard (1...Limits.maximumObjectKeyBytes).contains(text.utf8.count) else {
            throw .invalidArgument("an object key of \(text.utf8.count) bytes, expected 1 to \(Limits.maximumObjectKeyBytes)")
        }
        let isLegal = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { segment in
            segment.first.map { $0 != UInt8(ascii: ".") } ?? false && segment.allSatisfy(Self.isLegal)
        }
        guard isLegal else { throw .invalidArgument("object key \(text.debugDescription) has other characters than letters, digits, '.', '_', '-' and '/'") }
        self.text = text
    }

    /// For keys that are put together from checked parts.
    package init(_ segments: String...) {
        text = segments.joined(separator: "/")
        assert((try? ObjectKey(text)) != nil, "object key \(text)")
    }

    package static func isLegal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The last segment.
    package var name: String { String(text[(text.lastIndex(of: "/").map(text.index(after:)) ?? text.startIndex)...]) }
    package var description: String { text }

    /// By bytes, as stores list them.
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
