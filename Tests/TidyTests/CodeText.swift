/// Source text with comments and string literals blanked, so that a word in it is code. Lines stay where they are.
struct CodeText {
    let text: String

    init(_ source: String) {
        var blanker = Blanker(source)
        text = blanker.run()
    }

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// Walks Swift or C once. What stands inside `\( … )` is blanked with its literal: no check needs it.
private struct Blanker {
    private let bytes: [UInt8]
    private var position = 0
    private var out: [UInt8] = []

    init(_ source: String) {
        bytes = Array(source.utf8)
        out.reserveCapacity(bytes.count)
    }

    mutating func run() -> String {
        while position < bytes.count {
            if starts("//") {
                blank(until: "\n", including: false)
            } else if starts("/*") {
                blankBlockComment()
            } else if starts("\"\"\"") {
                blankLiteral(fence: 3)
            } else if bytes[position] == UInt8(ascii: "\"") {
                blankLiteral(fence: 1)
            } else if starts("'\"'") || starts("'\\\"'") {
                blank(count: starts("'\"'") ? 3 : 4)
            } else {
                out.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private func starts(_ word: StaticString, at offset: Int = 0) -> Bool {
        word.withUTF8Buffer { bytes[min(position + offset, bytes.count)...].starts(with: $0) }
    }

    private mutating func blank(count: Int) {
        for _ in 0..<min(count, bytes.count - position) {
            out.append(bytes[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }
    }

    private mutating func blank(until end: StaticString, including: Bool) {
        while position < bytes.count, !starts(end) { blank(count: 1) }
        if including { blank(count: end.utf8CodeUnitCount) }
    }

    private mutating func blankBlockComment() {
        var depth = 0
        repeat {
            if starts("/*") {
                depth += 1
                blank(count: 2)
            } else if starts("*/") {
                depth -= 1
                blank(count: 2)
            } else {
                blank(count: 1)
            }
        } while depth > 0 && position < bytes.count
    }

    /// A literal of one or three quotes; the number of `#` before it says how escapes are written.
    private mutating func blankLiteral(fence: Int) {
        var hashes = 0
        while hashes < position, bytes[position - 1 - hashes] == UInt8(ascii: "#") { hashes += 1 }
        let end = Array(repeating: UInt8(ascii: "\""), count: fence) + Array(repeating: UInt8(ascii: "#"), count: hashes)
        blank(count: fence)
        while position < bytes.count, !bytes[position...].starts(with: end) {
            if fence == 1, hashes == 0, bytes[position] == UInt8(ascii: "\n") { return }
            if bytes[position] == UInt8(ascii: "\\") {
                skipEscape(hashes: hashes)
            } else {
                blank(count: 1)
            }
        }
        blank(count: end.count)
    }

    private mutating func skipEscape(hashes: Int) {
        blank(count: 1)
        guard bytes[min(position, bytes.count)...].prefix(hashes).allSatisfy({ $0 == UInt8(ascii: "#") }) else { return }
        blank(count: hashes)
        guard starts("(") else { return blank(count: 1) }
        var depth = 0
        repeat {
            if starts("(") { depth += 1 }
            if starts(")") { depth -= 1 }
            if starts("\""), depth > 0 { blankLiteral(fence: starts("\"\"\"") ? 3 : 1) } else { blank(count: 1) }
        } while depth > 0 && position < bytes.count
    }
}
