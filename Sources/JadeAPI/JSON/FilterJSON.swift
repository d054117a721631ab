package import JadeCore
package import JadeJSON

/// Filters in MongoDB's manner: `{"section":"net","size":{"$gte":10,"$lt":500},"$or":[{"tags":"a"},{"priority":"b"}]}`.
///
/// The members of an object must all hold. A scalar under a field is equality; an object under a field holds operators,
/// which must all hold too, and whose bounds (`$gt`, `$gte`, `$lt`, `$lte`) are one range that one element satisfies.
extension Filter: WireDecodable {
    /// - Throws: `invalidArgument` with the field and operator at fault, `tooLarge` over ``Limits/maximumFilterNodes`` or
    ///   ``Limits/maximumFilterValues``.
    package init(json: JSONElement) throws(JadeError) {
        var reader = FilterReader()
        self = try reader.object(json, "filter")
    }
}

/// Operators by where they stand.
enum FilterOperator {
    static let combinators = ["$and", "$or", "$not", "$nor"]
    static let comparisons = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$not"]
}

/// Reads one filter and counts what it builds. The recursion is as deep as the document, which the parser limits.
struct FilterReader {
    private var nodes = 0

    /// The conjunction of an object's members.
    mutating func object(_ element: JSONElement, _ what: String) throws(JadeError) -> Filter {
        guard let members = element.members else { throw .invalidArgument("\(what) is \(element.kindPhrase), expected an object") }
        var parts: [Filter] = []
        var seen = Set<String>()
        for (key, value) in members {
            let key = key.string
            guard seen.insert(key).inserted else {
                throw .invalidArgument("\(shown(key)) occurs twice in filter: combine conditions with \"$and\"")
            }
            if key.hasPrefix("$") {
                parts.append(try combinator(key, value))
            } else {
                parts += try conditions(try FieldPath(key), value)
            }
        }
        return try conjunction(parts)
    }

    /// One part stands for itself.
    private mutating func conjunction(_ parts: [Filter]) throws(JadeError) -> Filter {
        parts.count == 1 ? parts[0] : try made(.and(parts))
    }

    private mutating func made(_ filter: Filter) throws(JadeError) -> Filter {
        nodes += 1
        guard nodes <= Limits.maximumFilterNodes else {
            throw .tooLarge("filter has more than \(Limits.maximumFilterNodes) conditions and combinators")
        }
        return filter
    }

    private mutating func combinator(_ name: String, _ value: JSONElement) throws(JadeError) -> Filter {
        switch name {
        case "$and": return try made(.and(try list(name, value)))
        case "$or": return try made(.or(try list(name, value)))
        case "$nor": return try made(.not(try made(.or(try list(name, value)))))
        case "$not": return try made(.not(try object(value, quoted(name))))
        default: throw Self.unknown(name)
        }
    }

    private static func unknown(_ name: String) -> JadeError {
        if FilterOperator.comparisons.contains(name) {
            return .invalidArgument("operator \"\(name)\" stands under a field, as in {\"size\": {\"\(name)\": …}}")
        }
        return unknown(name, "filter", FilterOperator.combinators)
    }

    private static func unknown(_ name: String, _ place: String, _ known: [String]) -> JadeError {
        .invalidArgument(
            "unknown operator \(shown(name)) in \(place), expected one of \(known.joined(separator: ", "))\(suggestion(for: name, among: known))")
    }

    private mutating func list(_ name: String, _ value: JSONElement) throws(JadeError) -> [Filter] {
        guard let elements = value.elements else { throw value.mismatch(name, "an array of filters") }
        var filters: [Filter] = []
        for element in elements { filters.append(try object(element, "\(quoted(name))[\(filters.count)]")) }
        return filters
    }
}

// MARK: Under a field

extension FilterReader {
    private mutating func conditions(_ path: FieldPath, _ value: JSONElement) throws(JadeError) -> [Filter] {
        switch value.kind {
        case .object: return try operators(path, value)
        case .array:
            throw .invalidArgument("\(shown(path.description)) is compared with an array, expected a scalar or {\"$in\": […]}")
        default: return [try made(.equals(path, try scalar(value, path)))]
        }
    }

    private mutating func operators(_ path: FieldPath, _ value: JSONElement) throws(JadeError) -> [Filter] {
        var filters: [Filter] = []
        var bounds = FilterBounds(path)
        var seen = Set<String>()
        guard let members = value.members else { throw value.mismatch(path.description, "an object of operators") }
        for (key, operand) in members {
            let name = key.string
            guard seen.insert(name).inserted else {
                throw .invalidArgument("\(shown(name)) occurs twice under \(shown(path.description))")
            }
            if try bounds.take(name, operand) {
                // All bounds make one condition, where the first of them stands.
                if bounds.count == 1 {
                    bounds.place = filters.count
                    filters.append(.and([]))
                }
            } else {
                filters.append(try comparison(name, path, operand))
            }
        }
        if bounds.count > 0 { filters[bounds.place] = try made(.range(path, try bounds.range())) }
        guard !filters.isEmpty else {
            throw .invalidArgument("\(shown(path.description)) is compared with an empty object, expected an operator such as \"$eq\"")
        }
        return filters
    }

    private mutating func comparison(_ name: String, _ path: FieldPath, _ operand: JSONElement) throws(JadeError) -> Filter {
        switch name {
        case "$eq": return try made(.equals(path, try scalar(operand, path)))
        case "$ne": return try made(.not(try made(.equals(path, try scalar(operand, path)))))
        case "$in": return try made(.isIn(path, try scalars(name, operand, path)))
        case "$nin": return try made(.not(try made(.isIn(path, try scalars(name, operand, path)))))
        case "$exists":
            guard let wanted = operand.bool else {
                throw .invalidArgument("\"$exists\" of \(shown(path.description)) is \(operand.kindPhrase), expected true or false")
            }
            return try made(.exists(path, wanted))
        case "$not":
            guard operand.members != nil else {
                throw .invalidArgument(
                    "\"$not\" of \(shown(path.description)) is \(operand.kindPhrase), expected an object of operators")
            }
            return try made(.not(try conjunction(try operators(path, operand))))
        default:
            guard name.hasPrefix("$") else {
                throw .invalidArgument(
                    "\(shown(path.description)) is compared with an object: name its member as \(shown("\(path).\(name)"))")
            }
            throw Self.unknown(name, shown(path.description), FilterOperator.comparisons)
        }
    }

    private func scalars(_ name: String, _ operand: JSONElement, _ path: FieldPath) throws(JadeError) -> [FilterValue] {
        guard let elements = operand.elements else {
            throw .invalidArgument("\"\(name)\" of \(shown(path.description)) is \(operand.kindPhrase), expected an array")
        }
        let count = operand.count
        guard count <= Limits.maximumFilterValues else {
            throw .tooLarge("\"\(name)\" of \(shown(path.description)) has \(count) values, the limit is \(Limits.maximumFilterValues)")
        }
        var values: [FilterValue] = []
        values.reserveCapacity(count)
        for element in elements { values.append(try scalar(element, path)) }
        return values
    }

    private func scalar(_ value: JSONElement, _ path: FieldPath) throws(JadeError) -> FilterValue {
        switch value.kind {
        case .null: return .null
        case .bool: return .bool(value.bool ?? false)
        case .string: return .string(value.string ?? "")
        case .integer: return .integer(value.int64 ?? 0)
        case .double: return .double(value.double ?? 0)
        case .unsigned:
            throw .invalidArgument(
                "\(shown(path.description)) is compared with \(value.uint64 ?? 0), which is beyond 64 signed bits: metadata holds no such integers")
        case .array, .object:
            throw .invalidArgument("\(shown(path.description)) is compared with \(value.kindPhrase), expected a scalar")
        }
    }
}
