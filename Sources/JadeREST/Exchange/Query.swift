package import JadeCore

/// The parameters behind the `?` of a request.
package struct Query: Sendable {
    private let values: [String: String]

    /// - Parameter allowed: The names the route knows; any other is an error, as is a name that comes twice or without a value.
    package init(_ text: String?, allowed: [String]) throws(JadeError) {
        var values: [String: String] = [:]
        for part in (text ?? "").split(separator: "&") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try PercentDecoding.decode(pair[0], "query parameter")
            guard allowed.contains(name) else { throw Self.unknown(name, allowed) }
            let value = pair.count == 2 ? try PercentDecoding.decode(pair[1], "query parameter \(name)") : ""
            guard !value.isEmpty else { throw .invalidArgument("query parameter \(name) has no value") }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .invalidArgument("query parameter \(name) is given twice")
            }
        }
        self.values = values
    }

    package subscript(name: String) -> String? { values[name] }

    package func bool(_ name: String, default fallback: Bool) throws(JadeError) -> Bool {
        guard let text = values[name] else { return fallback }
        guard let value = Bool(text) else {
            throw .invalidArgument("query parameter \(name) is \(text.debugDescription), expected true or false")
        }
        return value
    }

    package func integer(_ name: String) throws(JadeError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text) else {
            throw .invalidArgument("query parameter \(name) is \(text.debugDescription), expected an integer")
        }
        return value
    }

    private static func unknown(_ name: String, _ allowed: [String]) -> JadeError {
        let known = allowed.isEmpty ? "there are none here" : "expected \(allowed.joined(separator: ", "))"
        return .invalidArgument("unknown query parameter \(name.debugDescription), \(known)")
    }
}
