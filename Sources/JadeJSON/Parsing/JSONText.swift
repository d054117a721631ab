/// A string of a parsed document: valid UTF-8, escapes resolved. Valid as long as the document's closure runs.
package struct JSONText {
    package let bytes: UnsafeBufferPointer<UInt8>

    /// The tape's strings are laid out as a length of 32 bits, the bytes, and a zero byte.
    init(at pointer: UnsafePointer<UInt8>) {
        let length = UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self)
        bytes = UnsafeBufferPointer(start: pointer + 4, count: Int(UInt32(littleEndian: length)))
    }

    /// A copy that outlives the document.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Compares bytes, without allocating.
    package static func == (text: JSONText, literal: StaticString) -> Bool {
        guard text.bytes.count == literal.utf8CodeUnitCount else { return false }
        return literal.withUTF8Buffer { text.bytes.elementsEqual($0) }
    }

    /// Compares bytes: strings that differ in Unicode normalization are different.
    package static func == (text: JSONText, other: String) -> Bool {
        // The count is known for both and tells most strings apart.
        other.utf8.count == text.bytes.count && other.utf8.elementsEqual(text.bytes)
    }
}
