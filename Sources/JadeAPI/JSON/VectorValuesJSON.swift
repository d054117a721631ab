package import JadeCore
package import JadeJSON

extension JSONElement {
    /// A vector's values: an array of numbers, or base64 (RFC 4648, section 4) of little-endian components, f32 or of the type before
    /// the colon: `"AACAPwAAAEA="`, `"f16:ADwAQA=="`. Bits come in whole bytes.
    package func vectorValues(_ name: String) throws(JadeError) -> [Float] {
        guard let text else { return try floats(name, limit: Limits.maximumDimension) }
        var digits = text.bytes[...]
        var type = ElementType.float32
        if let colon = digits.prefix(5).firstIndex(of: UInt8(ascii: ":")) {
            let prefix = String(decoding: digits[..<colon], as: UTF8.self)
            guard let named = ElementType(name: prefix) else {
                let names = ElementType.allCases.map(\.name).joined(separator: ", ")
                throw .invalidArgument("\(quoted(name)) begins with \(quoted(prefix + ":")), expected one of \(names)")
            }
            type = named
            digits = digits[(colon + 1)...]
        }
        let bytes = try Base64.decode(digits, name)
        return try Self.components(bytes, type, name)
    }

    private static func components(_ bytes: [UInt8], _ type: ElementType, _ name: String) throws(JadeError) -> [Float] {
        let size = type == .bit ? 1 : type.byteCount(dimension: 1)
        guard bytes.count % size == 0 else {
            throw .invalidArgument("\(quoted(name)) has \(bytes.count) bytes, which is no multiple of \(size), the size of \(type.name)")
        }
        let count = type == .bit ? bytes.count * 8 : bytes.count / size
        guard count <= Limits.maximumDimension else {
            throw .invalidArgument("\(quoted(name)) has \(count) numbers, the limit is \(Limits.maximumDimension)")
        }
        let values = bytes.withUnsafeBytes { $0.floats(type, count: count) }
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .invalidArgument("\(quoted(name))[\(index)] is \(values[index]), expected a finite number")
        }
        return values
    }
}

/// RFC 4648, section 4: with padding, and nothing else in between.
enum Base64 {
    private static let notADigit = UInt8.max

    private static let digits: [UInt8] = {
        var table = [UInt8](repeating: notADigit, count: 256)
        for (value, letter) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8.enumerated() {
            table[Int(letter)] = UInt8(value)
        }
        return table
    }()

    /// - Throws: `invalidArgument` with the place of what is no base64.
    static func decode(_ text: Slice<UnsafeBufferPointer<UInt8>>, _ name: String) throws(JadeError) -> [UInt8] {
        guard text.count % 4 == 0 else {
            throw .invalidArgument("\(quoted(name)) is base64 of \(text.count) digits, which is no multiple of 4: is its padding there?")
        }
        let padding = text.suffix(2).reduce(0) { $0 + ($1 == UInt8(ascii: "=") ? 1 : 0) }
        var fault: Int?
        let count = text.count / 4 * 3 - padding
        let source = UnsafeBufferPointer(rebasing: text)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { out, initialized in
            fault = digits.withUnsafeBufferPointer { decode(source, padding, $0, out) }
            initialized = fault == nil ? count : 0
        }
        if let fault { throw .invalidArgument("\(quoted(name)) is not base64 at digit \(fault)") }
        return bytes
    }

    /// Nil when all went well, otherwise the place of the fault.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ padding: Int, _ table: UnsafeBufferPointer<UInt8>, _ out: UnsafeMutableBufferPointer<UInt8>
    ) -> Int? {
        var (place, written) = (0, 0)
        while place < text.count {
            let isLast = place &+ 4 == text.count
            let meant = isLast ? 4 &- padding : 4
            var word: UInt32 = 0
            for i in 0..<4 {
                let digit = i < meant ? table[Int(text[place &+ i])] : 0
                if digit == notADigit { return place &+ i }
                word = word << 6 | UInt32(digit)
            }
            for i in 0..<meant &- 1 {
                out.initializeElement(at: written, to: UInt8(truncatingIfNeeded: word >> UInt32(16 &- 8 &* i)))
                written &+= 1
            }
            place &+= 4
        }
        return nil
    }
}
