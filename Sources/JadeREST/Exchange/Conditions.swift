import HTTPTypes
import JadeCore

/// Entity tags and the conditions of a request (RFC 9110, sections 8.8.3 and 13). The tag of a vector is its version in quotes.
enum EntityTag {
    static func text(_ version: String) -> String { "\"\(version)\"" }

    /// The tags that a header lists, without their quotes; nil for `*`.
    ///
    /// - Parameter weak: whether weak tags stand in the list as well: where tags need only say that two answers mean the same.
    static func list(_ text: String, of header: HTTPField.Name, weak: Bool) throws(JadeError) -> [String]? {
        var rest = text.utf8[...]
        trim(&rest)
        if rest.elementsEqual("*".utf8) { return nil }
        var tags: [String] = []
        while !rest.isEmpty {
            // Members may be empty.
            if rest.first == UInt8(ascii: ",") {
                rest = rest.dropFirst()
            } else {
                if rest.starts(with: "W/".utf8) {
                    guard weak else { throw malformed(text, header, "strong entity tags: a weak one does not say that nothing has changed") }
                    rest = rest.dropFirst(2)
                }
                guard let tag = quoted(&rest) else { throw malformed(text, header, "* or entity tags in double quotes") }
                tags.append(tag)
                trim(&rest)
                guard rest.isEmpty || rest.first == UInt8(ascii: ",") else {
                    throw malformed(text, header, "commas between entity tags")
                }
            }
            trim(&rest)
        }
        guard !tags.isEmpty else { throw malformed(text, header, "* or entity tags in double quotes") }
        return tags
    }

    /// A quoted tag and what stands in it; nil where there is none.
    private static func quoted(_ rest: inout Substring.UTF8View) -> String? {
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        let inner = rest.dropFirst()
        guard let end = inner.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        guard end > inner.startIndex, inner[..<end].allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        rest = inner[inner.index(after: end)...]
        return String(Substring(inner[..<end]))
    }

    private static func trim(_ rest: inout Substring.UTF8View) {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        while let last = rest.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { rest = rest.dropLast() }
    }

    static func malformed(_ text: String, _ header: HTTPField.Name, _ expected: String) -> JadeError {
        .invalidArgument("header \(header.canonicalName) is \(text.prefix(64).debugDescription), expected \(expected)")
    }
}

extension Call {
    /// What a write of one vector expects of it; nil where it expects nothing.
    var writeCondition: VersionCondition? {
        get throws(JadeError) {
            let absent = headers[.ifNoneMatch]
            guard let match = headers[.ifMatch] else {
                guard let absent else { return nil }
                guard try EntityTag.list(absent, of: .ifNoneMatch, weak: true) == nil else {
                    throw EntityTag.malformed(absent, .ifNoneMatch, "*: name the versions that may be overwritten in If-Match")
                }
                return .absent
            }
            guard absent == nil else { throw .invalidArgument("headers If-Match and If-None-Match are both given, expected one of them") }
            guard let versions = try EntityTag.list(match, of: .ifMatch, weak: false) else { return .exists }
            let condition = VersionCondition.matches(versions)
            try condition.validate()
            return condition
        }
    }

    /// Refuses conditions where they could not be kept: who sends them must not believe that they were.
    func requireNoConditions() throws(JadeError) {
        for header in [HTTPField.Name.ifMatch, .ifNoneMatch] where headers[header] != nil {
            throw .invalidArgument("header \(header.canonicalName) is given for a write of many vectors, expected it for one: /vectors/{id}")
        }
    }

    /// The answer to a read of one vector, or that the client has it already.
    func reply(with vector: StoredVector) throws(JadeError) -> Reply {
        guard let version = vector.version else { throw .internal("vector \(vector.id.text.debugDescription) was read without its version") }
        if let text = headers[.ifMatch] {
            let versions = try EntityTag.list(text, of: .ifMatch, weak: false)
            try (versions.map { .matches($0) } ?? VersionCondition.exists).require(vector.id, has: version)
        }
        let tag: HTTPFields = [.eTag: EntityTag.text(version)]
        if let text = headers[.ifNoneMatch] {
            let known = try EntityTag.list(text, of: .ifNoneMatch, weak: true)
            if known?.contains(version) ?? true { return Reply(.notModified, headers: tag) }
        }
        var plain = vector
        plain.version = nil
        return .json(plain, headers: tag)
    }
}
