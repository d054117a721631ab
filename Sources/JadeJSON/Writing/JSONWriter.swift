internal import CJadeJSON

/// Writes JSON into one growing buffer, without a tree in between; commas are its own business.
///
/// Values come in the order of the document: `beginObject`, `key`, value, …, `endObject`. The writer does not check that
/// keys and values alternate or that what begins also ends: tests of its users do.
package struct JSONWriter: ~Copyable {
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var length = 0
    /// Whether the next value or key stands behind another one.
    private var needsComma = false

    package init(reserving capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        start = .allocate(capacity: self.capacity)
    }

    deinit { start.deallocate() }

    /// Bytes written so far.
    package var count: Int { length }

    /// The document so far, without a copy.
    package borrowing func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        body(UnsafeRawBufferPointer(start: start, count: length))
    }

    /// A copy of the document so far.
    package var bytes: [UInt8] { [UInt8](UnsafeBufferPointer(start: start, count: length)) }
}

// MARK: Structure

extension JSONWriter {
    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// A key that needs no escaping.
    package mutating func key(_ key: StaticString) {
        separate()
        reserve(key.utf8CodeUnitCount + 3)
        put(UInt8(ascii: "\""))
        put(key.utf8Start, key.utf8CodeUnitCount)
        put(UInt8(ascii: "\""))
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func key(_ key: String) {
        string(key)
        reserve(1)
        put(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func open(_ bracket: UInt8) {
        separate()
        reserve(1)
        put(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        reserve(1)
        put(bracket)
        needsComma = true
    }
}

// MARK: Scalars

extension JSONWriter {
    package mutating func null() { literal("null") }
    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func integer(_ value: Int64) {
        if value < 0 {
            separate()
            reserve(1)
            put(UInt8(ascii: "-"))
            needsComma = false
        }
        integer(value.magnitude)
    }

    package mutating func integer(_ value: Int) { integer(Int64(value)) }

    package mutating func integer(_ value: UInt64) {
        separate()
        reserve(20)
        var digits = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        rest = value
        for place in stride(from: length + digits - 1, through: length, by: -1) {
            start[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        length += digits
        needsComma = true
    }

    /// The shortest text that reads back as the same double, with a point or an exponent; `null` for NaN and infinities,
    /// which JSON cannot say.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        reserve(Int(JADE_JSON_DOUBLE_BYTES))
        length += jade_json_write_double(value, rawEnd)
        needsComma = true
    }

    /// The shortest text that reads back as the same float; `null` for NaN and infinities.
    package mutating func float(_ value: Float) {
        guard value.isFinite else { return null() }
        separate()
        reserve(Int(JADE_JSON_FLOAT_BYTES) + 1)
        length += withUnsafePointer(to: value) { jade_json_write_floats($0, 1, rawEnd) }
        needsComma = true
    }

    /// An array of floats, written in one go; `null` stands for NaN and infinities.
    package mutating func floats(_ values: [Float]) {
        beginArray()
        if values.allSatisfy(\.isFinite) {
            reserve(values.count * (Int(JADE_JSON_FLOAT_BYTES) + 1))
            values.withUnsafeBufferPointer { length += jade_json_write_floats($0.baseAddress, $0.count, rawEnd) }
        } else {
            for value in values { float(value) }
        }
        endArray()
    }

    /// A value that is JSON already.
    package mutating func json(_ bytes: UnsafeRawBufferPointer) {
        separate()
        reserve(bytes.count)
        if let source = bytes.bindMemory(to: UInt8.self).baseAddress { put(source, bytes.count) }
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        reserve(text.utf8CodeUnitCount)
        put(text.utf8Start, text.utf8CodeUnitCount)
        needsComma = true
    }
}

// MARK: Strings

extension JSONWriter {
    /// A string, escaped as RFC 8259 section 7 asks; everything outside ASCII stays as it is.
    package mutating func string(_ value: String) {
        separate()
        var value = value
        value.withUTF8 { escape($0) }
        needsComma = true
    }

    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        reserve(text.count + 2)
        put(UInt8(ascii: "\""))
        var rest = text[...]
        while let first = rest.baseAddress(in: text) {
            let plain = jade_json_plain_prefix(first, rest.count)
            reserve(plain + 6)
            put(first, plain)
            rest = rest.dropFirst(plain)
            guard let special = rest.popFirst() else { break }
            putEscaped(special)
        }
        reserve(1)
        put(UInt8(ascii: "\""))
    }

    /// Room for 6 bytes is reserved.
    private mutating func putEscaped(_ byte: UInt8) {
        put(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): put(byte)
        case 0x08: put(UInt8(ascii: "b"))
        case 0x09: put(UInt8(ascii: "t"))
        case 0x0A: put(UInt8(ascii: "n"))
        case 0x0C: put(UInt8(ascii: "f"))
        case 0x0D: put(UInt8(ascii: "r"))
        default:
            let high: UInt8 = byte >> 4
            let low: UInt8 = byte & 0xF
            for digit in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0"), hexDigit(high), hexDigit(low)] { put(digit) }
        }
    }

    private func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Where the slice begins; nil when it is empty.
    fileprivate func baseAddress(in whole: UnsafeBufferPointer<UInt8>) -> UnsafePointer<UInt8>? {
        isEmpty ? nil : whole.baseAddress.map { $0 + startIndex }
    }
}

// MARK: Buffer

extension JSONWriter {
    private var rawEnd: UnsafeMutablePointer<CChar> {
        UnsafeMutableRawPointer(start + length).assumingMemoryBound(to: CChar.self)
    }

    @inline(__always)
    private mutating func separate() {
        guard needsComma else { return }
        reserve(1)
        put(UInt8(ascii: ","))
    }

    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if capacity - length < more { grow(more) }
    }

    private mutating func grow(_ more: Int) {
        capacity = max(capacity * 2, length + more)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.initialize(from: start, count: length)
        start.deallocate()
        start = larger
    }

    /// Room is reserved.
    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        start[length] = byte
        length += 1
    }

    @inline(__always)
    private mutating func put(_ source: UnsafePointer<UInt8>, _ count: Int) {
        (start + length).update(from: source, count: count)
        length += count
    }
}
