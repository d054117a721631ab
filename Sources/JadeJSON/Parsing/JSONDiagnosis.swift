internal import JadeCore

/// Finds out what is wrong with a document that the parser refused, and where.
///
/// Only errors pay for it: it walks the text once, byte by byte, without recursion. The grammar is RFC 8259's.
struct JSONDiagnosis {
    private var bytes: UnsafeRawBufferPointer
    private var at = 0
    /// Closing brackets that are owed, outermost first.
    private var open: [UInt8] = []
    private let maximumDepth: Int

    /// The first fault of the document; nil when this walk finds none.
    static func error(in bytes: UnsafeRawBufferPointer, maximumDepth: Int) -> JadeError? {
        var diagnosis = JSONDiagnosis(bytes: bytes, maximumDepth: maximumDepth)
        do {
            try diagnosis.document()
            return nil
        } catch {
            return error
        }
    }

    private init(bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }
}

extension JSONDiagnosis {
    private mutating func document() throws(JadeError) {
        skipSpace()
        guard at < bytes.count else { throw .invalidArgument("invalid JSON: the document is empty") }
        repeat {
            try value()
            try afterValue()
        } while !open.isEmpty
        guard at == bytes.count else { throw fault("expected the end of the document, found \(found)") }
    }

    /// A scalar, an empty container, or a container's beginning up to its first scalar.
    private mutating func value() throws(JadeError) {
        while true {
            skipSpace()
            guard let byte = current else { throw fault("expected a value, found \(found)") }
            switch byte {
            case UInt8(ascii: "{"):
                try push(UInt8(ascii: "}"))
                if take(UInt8(ascii: "}")) { open.removeLast(); return }
                try key()
            case UInt8(ascii: "["):
                try push(UInt8(ascii: "]"))
                if take(UInt8(ascii: "]")) { open.removeLast(); return }
            case UInt8(ascii: "\""): return try string()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
            case UInt8(ascii: "t"): return try literal("true")
            case UInt8(ascii: "f"): return try literal("false")
            case UInt8(ascii: "n"): return try literal("null")
            default: throw fault("expected a value, found \(found)")
            }
        }
    }

    /// Closing brackets and the comma before the next value.
    private mutating func afterValue() throws(JadeError) {
        skipSpace()
        while let closing = open.last {
            if take(closing) {
                open.removeLast()
                continue
            }
            guard take(UInt8(ascii: ",")) else {
                throw fault("expected ',' or '\(Character(UnicodeScalar(closing)))', found \(found)")
            }
            if closing == UInt8(ascii: "}") { try key() }
            return
        }
    }

    private mutating func key() throws(JadeError) {
        guard current == UInt8(ascii: "\"") else { throw fault("expected a key in quotes, found \(found)") }
        try string()
        skipSpace()
        guard take(UInt8(ascii: ":")) else { throw fault("expected ':' after a key, found \(found)") }
    }

    private mutating func push(_ closing: UInt8) throws(JadeError) {
        open.append(closing)
        guard open.count <= maximumDepth else {
            throw fault("nested more than \(maximumDepth) levels deep")
        }
        at += 1
        skipSpace()
    }
}

// MARK: Scalars

extension JSONDiagnosis {
    private mutating func literal(_ text: StaticString) throws(JadeError) {
        let start = at
        while let byte = current, byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { at += 1 }
        let word = bytes[start..<at]
        guard text.withUTF8Buffer({ word.elementsEqual($0) }) else {
            at = start
            throw fault("expected \(text)")
        }
    }

    private mutating func number() throws(JadeError) {
        let start = at
        _ = take(UInt8(ascii: "-"), skippingSpace: false)
        if current == UInt8(ascii: "0") { at += 1 } else { try digits() }
        var isInteger = true
        if take(UInt8(ascii: "."), skippingSpace: false) {
            isInteger = false
            try digits()
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            at += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
            try digits()
        }
        try requireRange(String(decoding: bytes[start..<at], as: UTF8.self), start, isInteger)
    }

    private mutating func digits() throws(JadeError) {
        guard let first = current, Self.isDigit(first) else { throw fault("expected a digit, found \(found)") }
        while let byte = current, Self.isDigit(byte) { at += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func requireRange(_ text: String, _ start: Int, _ isInteger: Bool) throws(JadeError) {
        let shown = text.utf8.count <= 40 ? text : "\(text.prefix(37))..."
        if isInteger, Int64(text) == nil, UInt64(text) == nil {
            at = start
            throw fault("integer \(shown) is beyond 64 bits: send it as a string, or with an exponent as a decimal number")
        }
        if !isInteger, let number = Double(text), !number.isFinite {
            at = start
            throw fault("number \(shown) is beyond the range of a double")
        }
    }

    private mutating func string() throws(JadeError) {
        let start = at
        at += 1
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                at += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw fault("control character in a string, expected an escape")
            case 0..<0x80: at += 1
            default: try multibyte()
            }
        }
        throw fault("the string that begins at byte \(start) does not end")
    }

    private mutating func escape() throws(JadeError) {
        let start = at
        at += 1
        guard let byte = current else { return }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"): try unicodeEscape(start)
        default:
            at = start
            throw fault("unknown escape")
        }
    }

    private mutating func unicodeEscape(_ start: Int) throws(JadeError) {
        guard let first = hexQuad() else {
            at = start
            throw fault("expected 4 hexadecimal digits after \\u")
        }
        guard first >= 0xD800, first <= 0xDFFF else { return }
        let isLeading = first < 0xDC00
        let follows = isLeading && current == UInt8(ascii: "\\") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "u")
        if follows {
            at += 2
            if let second = hexQuad(), second >= 0xDC00, second <= 0xDFFF { return }
        }
        at = start
        throw fault("half of a surrogate pair")
    }

    private mutating func hexQuad() -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[at..<at + 4] {
            guard let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }

    private mutating func multibyte() throws(JadeError) {
        var decoder = UTF8()
        var rest = bytes[at..<min(at + 4, bytes.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&rest) else { throw fault("invalid UTF-8") }
        at += UTF8.width(scalar)
    }
}

// MARK: Reading

extension JSONDiagnosis {
    private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (byte >= 0x09 && byte <= 0x0A) || byte == 0x0D { at += 1 }
    }

    private mutating func take(_ byte: UInt8, skippingSpace: Bool = true) -> Bool {
        guard current == byte else { return false }
        at += 1
        if skippingSpace { skipSpace() }
        return true
    }

    private var found: String {
        guard let byte = current else { return "the end of the document" }
        guard byte > 0x20, byte < 0x7F else { return "byte 0x\(String(byte, radix: 16))" }
        return "'\(Character(UnicodeScalar(byte)))'"
    }

    private func fault(_ what: String) -> JadeError { .invalidArgument("invalid JSON at byte \(at): \(what)") }
}
