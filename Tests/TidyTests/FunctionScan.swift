import Foundation

/// A function's place and length, braces included.
struct ScannedFunction: Equatable {
    let name: String
    let line: Int
    let lineCount: Int
}

enum FunctionScan {
    /// Functions, initializers and subscripts of Swift code that have a body.
    static func swift(_ source: String) -> [ScannedFunction] {
        let text = Array(CodeText(source).text.utf8)
        let lineStarts = Lines(text)
        return declarations(in: text).compactMap { declaration in
            guard let open = bodyStart(in: text, after: declaration.end), let close = matching(open, in: text) else { return nil }
            let first = lineStarts.line(of: declaration.start)
            return ScannedFunction(name: declaration.name, line: first, lineCount: lineStarts.line(of: close) - first + 1)
        }
    }

    /// Functions of C and C++: braces that follow a closing parenthesis outside all other functions.
    static func c(_ source: String) -> [ScannedFunction] {
        let text = Array(CodeText(source).text.utf8)
        let lineStarts = Lines(text)
        var found: [ScannedFunction] = []
        var position = 0
        while let open = text[position...].firstIndex(of: UInt8(ascii: "{")) {
            let before = text[..<open].last { !isSpace($0) }
            guard before == UInt8(ascii: ")"), let close = matching(open, in: text) else {
                position = open + 1
                continue
            }
            let first = lineStarts.line(of: open)
            found.append(ScannedFunction(name: "", line: first, lineCount: lineStarts.line(of: close) - first + 1))
            position = close + 1
        }
        return found
    }

    private struct Declaration {
        let name: String
        let start: Int
        let end: Int
    }

    private static func declarations(in text: [UInt8]) -> [Declaration] {
        let string = String(decoding: text, as: UTF8.self)
        let pattern = #/(?m)^[ \t]*(?:[@a-zA-Z_()]+[ \t]+)*?(func[ \t]+[^\s(<]+|init[?!]?(?=[(<])|deinit\b|subscript(?=[(<]))/#
        return string.matches(of: pattern).map { match in
            Declaration(
                name: String(match.1), start: string.utf8.distance(from: string.startIndex, to: match.1.startIndex),
                end: string.utf8.distance(from: string.startIndex, to: match.range.upperBound))
        }
    }

    /// The opening brace of the body; nil for a requirement of a protocol, which another declaration or a `}` follows.
    private static func bodyStart(in text: [UInt8], after end: Int) -> Int? {
        var position = end
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "("):
                guard let close = matching(position, in: text) else { return nil }
                position = close
            case UInt8(ascii: "{"): return position
            case UInt8(ascii: "}"): return nil
            case UInt8(ascii: "\n"):
                if startsDeclaration(text, position + 1) { return nil }
            default: break
            }
            position += 1
        }
        return nil
    }

    private static let declarationWords: Set<String> = [
        "func", "init", "var", "let", "static", "case", "subscript", "associatedtype", "mutating", "public", "package", "private",
        "extension", "struct", "enum", "class", "final", "protocol", "@discardableResult",
    ]

    private static func startsDeclaration(_ text: [UInt8], _ start: Int) -> Bool {
        let word = text[min(start, text.count)...].drop { $0 == UInt8(ascii: " ") }
            .prefix { !isSpace($0) && $0 != UInt8(ascii: "(") }
        return declarationWords.contains(String(decoding: word, as: UTF8.self))
    }

    private static func matching(_ open: Int, in text: [UInt8]) -> Int? {
        let opening = text[open]
        let closing = opening == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "}")
        var depth = 0
        for position in open..<text.count {
            if text[position] == opening { depth += 1 }
            if text[position] == closing {
                depth -= 1
                if depth == 0 { return position }
            }
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}

/// Line numbers of byte offsets, from 1.
private struct Lines {
    private let starts: [Int]

    init(_ text: [UInt8]) {
        starts = [0] + text.indices.filter { text[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    }

    func line(of offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }
}
