/// Where a value sits in metadata: keys joined by dots, `author.name`.
public struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    public let keys: [String]

    public init(_ dotted: String) throws(JadeError) {
        let keys = dotted.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard keys.allSatisfy({ !$0.isEmpty }) else {
            throw .invalidArgument("filter field \(dotted.debugDescription) has an empty part")
        }
        guard keys.count <= Limits.maximumJSONDepth else {
            throw .invalidArgument("filter field has \(keys.count) parts, the limit is \(Limits.maximumJSONDepth)")
        }
        self.keys = keys
    }

    public var description: String { keys.joined(separator: ".") }
}
