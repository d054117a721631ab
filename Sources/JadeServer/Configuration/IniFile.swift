package import JadeCore

/// A configuration file: `[section]` headings and `key = value` lines. `#` and `;` begin a comment at the start of a line
/// or after white space; a value in double quotes may hold them.
package struct IniFile: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package let section: String
        package let name: String
        package let value: String
        /// Counted from 1.
        package let line: Int
    }

    package let path: String
    package private(set) var entries: [Entry] = []

    /// - Parameter path: Names the file in messages.
    package init(_ text: String, path: String) throws(JadeError) {
        self.path = path
        var section: String?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = Self.withoutComment(line).trimmingWhitespace()
            if content.isEmpty { continue }
            if content.first == "[" {
                section = try Self.heading(content, at: "\(path):\(index + 1)")
            } else {
                try add(content, section: section, line: index + 1)
            }
        }
    }

    private static func heading(_ content: Substring, at place: String) throws(JadeError) -> String {
        let name = content.dropFirst().dropLast().trimmingWhitespace()
        guard content.last == "]", !name.isEmpty else {
            throw .invalidArgument("\(place): \(String(content).debugDescription) is not a heading such as [server]")
        }
        return String(name)
    }

    private mutating func add(_ content: Substring, section: String?, line: Int) throws(JadeError) {
        guard let equals = content.firstIndex(of: "="), equals > content.startIndex else {
            throw .invalidArgument("\(path):\(line): expected key = value, found \(String(content).debugDescription)")
        }
        let name = String(content[..<equals].trimmingWhitespace())
        guard let section else { throw .invalidArgument("\(path):\(line): key \(name) stands before any [section]") }
        if let earlier = entries.first(where: { $0.section == section && $0.name == name }) {
            throw .invalidArgument("\(path):\(line): key \(section).\(name) was given on line \(earlier.line) already")
        }
        var value = content[content.index(after: equals)...].trimmingWhitespace()
        if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
        entries.append(Entry(section: section, name: name, value: String(value), line: line))
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var quoted = false
        var afterSpace = true
        for index in line.indices {
            let character = line[index]
            if character == "\"" { quoted.toggle() }
            if !quoted, afterSpace, character == "#" || character == ";" { return line[..<index] }
            afterSpace = character.isWhitespace
        }
        return line
    }
}

extension Substring {
    fileprivate func trimmingWhitespace() -> Substring {
        let head = drop(while: \.isWhitespace)
        guard let last = head.lastIndex(where: { !$0.isWhitespace }) else { return head }
        return head[...last]
    }
}
