/// One value of a parsed document: a place on simdjson's tape.
///
/// The tape is an array of 64-bit words (format: doc/tape.md of simdjson): the upper 8 bits are a tag, the lower 56 a
/// payload. Arrays and objects hold in the lower 32 bits the place after their end and above it their count; numbers
/// take a second word. Walking it is memory access and nothing else.
///
/// An element is valid only as long as the closure it was handed to runs.
package struct JSONElement {
    package enum Kind {
        case null, bool, integer, unsigned, double, string, array, object
    }

    let tape: UnsafePointer<UInt64>
    let strings: UnsafePointer<UInt8>
    let index: Int

    @inline(__always)
    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    package var kind: Kind {
        switch tag {
        case Tag.object: .object
        case Tag.array: .array
        case Tag.string: .string
        case Tag.integer: .integer
        case Tag.unsigned: .unsigned
        case Tag.double: .double
        case Tag.true, Tag.false: .bool
        default: .null
        }
    }

    package var isNull: Bool { tag == Tag.null }

    package var bool: Bool? {
        switch tag {
        case Tag.true: true
        case Tag.false: false
        default: nil
        }
    }

    package var text: JSONText? {
        tag == Tag.string ? JSONText(at: strings + Int(payload)) : nil
    }

    package var string: String? { text?.string }

    /// Members of an object in the order of the document, duplicates included; nil for anything else.
    package var members: JSONMembers? {
        tag == Tag.object ? JSONMembers(JSONElements(inside: self)) : nil
    }

    /// Elements of an array; nil for anything else.
    package var elements: JSONElements? {
        tag == Tag.array ? JSONElements(inside: self) : nil
    }

    /// Number of elements or members; 0 for scalars. Complexity: O(1) below 2^24 - 1, where the tape's count ends.
    package var count: Int {
        guard tag == Tag.array || tag == Tag.object else { return 0 }
        let stored = Int((word >> 32) & 0xFF_FFFF)
        guard stored == 0xFF_FFFF else { return stored }
        let items = JSONElements(inside: self).reduce(0) { count, _ in count + 1 }
        return tag == Tag.object ? items / 2 : items
    }

    /// How error messages name what stands here: `a string`, `an array`.
    package var kindPhrase: String {
        switch kind {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .unsigned: "an integer"
        case .double: "a decimal number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONElement {
    enum Tag {
        static let object = UInt8(ascii: "{")
        static let array = UInt8(ascii: "[")
        static let string = UInt8(ascii: "\"")
        static let integer = UInt8(ascii: "l")
        static let unsigned = UInt8(ascii: "u")
        static let double = UInt8(ascii: "d")
        static let `true` = UInt8(ascii: "t")
        static let `false` = UInt8(ascii: "f")
        static let null = UInt8(ascii: "n")
    }

    @inline(__always) var word: UInt64 { tape[index] }
    @inline(__always) var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }
    @inline(__always) var payload: UInt64 { word & 0x00FF_FFFF_FFFF_FFFF }

    /// Place of the next value: behind the closing word, the number's second word, or the word itself.
    @inline(__always)
    var next: Int {
        switch tag {
        case Tag.object, Tag.array: Int(word & 0xFFFF_FFFF)
        case Tag.integer, Tag.unsigned, Tag.double: index + 2
        default: index + 1
        }
    }
}

/// The elements of an array, in order.
package struct JSONElements: Sequence, IteratorProtocol {
    private var current: JSONElement
    private let end: Int

    init(inside container: JSONElement) {
        current = JSONElement(tape: container.tape, strings: container.strings, index: container.index + 1)
        end = container.next - 1
    }

    package mutating func next() -> JSONElement? {
        guard current.index < end else { return nil }
        defer { current = JSONElement(tape: current.tape, strings: current.strings, index: current.next) }
        return current
    }
}

/// The members of an object, in order.
package struct JSONMembers: Sequence, IteratorProtocol {
    private var elements: JSONElements

    init(_ elements: JSONElements) { self.elements = elements }

    package mutating func next() -> (key: JSONText, value: JSONElement)? {
        guard let key = elements.next(), let value = elements.next() else { return nil }
        return (JSONText(at: key.strings + Int(key.payload)), value)
    }
}
