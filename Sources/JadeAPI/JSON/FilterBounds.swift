internal import JadeCore
internal import JadeJSON

/// The bounds of one field, collected into one range.
struct FilterBounds {
    private let path: FieldPath
    private var lower: (name: String, value: JSONElement)?
    private var upper: (name: String, value: JSONElement)?
    private(set) var count = 0
    /// Where the range stands among the field's conditions.
    var place = 0

    init(_ path: FieldPath) { self.path = path }

    /// Takes a bound; false when the operator is something else.
    mutating func take(_ name: String, _ value: JSONElement) throws(JadeError) -> Bool {
        switch name {
        case "$gt", "$gte":
            guard lower == nil else { throw double("lower", "$gt", "$gte") }
            lower = (name, value)
        case "$lt", "$lte":
            guard upper == nil else { throw double("upper", "$lt", "$lte") }
            upper = (name, value)
        default: return false
        }
        count += 1
        return true
    }

    private func double(_ side: String, _ first: String, _ second: String) -> JadeError {
        .invalidArgument("\(shown(path.description)) has two \(side) bounds, expected one of \"\(first)\" and \"\(second)\"")
    }

    /// Numbers or strings, never one of each.
    func range() throws(JadeError) -> FilterRange {
        let given = [lower, upper].compactMap { $0 }
        if given.allSatisfy({ $0.value.kind == .string }) {
            return .string(lower: string(lower), upper: string(upper))
        }
        for bound in given where bound.value.double == nil && bound.value.kind != .string {
            throw .invalidArgument(
                "\"\(bound.name)\" of \(shown(path.description)) is \(bound.value.kindPhrase), expected a number or a string")
        }
        guard given.allSatisfy({ $0.value.kind != .string }) else {
            throw .invalidArgument("\(shown(path.description)) has a number and a string as bounds, expected two of one kind")
        }
        return .number(lower: try number(lower), upper: try number(upper))
    }

    private func string(_ bound: (name: String, value: JSONElement)?) -> FilterRange.Bound<String>? {
        bound.map { .init($0.value.string ?? "", inclusive: $0.name.hasSuffix("e")) }
    }

    /// Ranges compare doubles: an integer that no double equals would move the bound, so it is refused.
    private func number(_ bound: (name: String, value: JSONElement)?) throws(JadeError) -> FilterRange.Bound<Double>? {
        guard let (name, value) = bound, let number = value.double else { return nil }
        let isExact =
            switch value.kind {
            case .integer: Int64(exactly: number) == value.int64
            case .unsigned: UInt64(exactly: number) == value.uint64
            default: true
            }
        guard isExact else {
            throw .invalidArgument(
                "\"\(name)\" of \(shown(path.description)) is an integer that a double cannot hold exactly; the nearest one is \(number)")
        }
        return .init(number, inclusive: name.hasSuffix("e"))
    }
}
