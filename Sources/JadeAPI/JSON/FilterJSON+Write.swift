package import JadeCore
package import JadeJSON

/// The filter as ``init(json:)`` reads it back. Conditions that JSON cannot say, such as a bound that is not finite, become
/// ones that match the same metadata.
extension Filter: WireEncodable {
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch self {
        case .and(let parts): writer.list("$and", parts) { $0.write(to: &$1) }
        case .or(let parts): writer.list("$or", parts) { $0.write(to: &$1) }
        case .not(let part):
            writer.key("$not")
            part.write(to: &writer)
        case .isIn(let path, let values):
            writer.key(path.description)
            writer.equality(values)
        case .range(let path, let range):
            writer.key(path.description)
            writer.range(range)
        case .exists(let path, let wanted):
            writer.key(path.description)
            writer.beginObject()
            writer.field("$exists", wanted)
            writer.endObject()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    mutating func filter(ifPresent filter: Filter?) {
        guard let filter else { return }
        key("filter")
        filter.write(to: &self)
    }

    /// One value stands for itself, others as `$in`. A number that is not finite equals nothing in metadata.
    fileprivate mutating func equality(_ values: [FilterValue]) {
        let values = values.filter(\.isFinite)
        if values.count == 1 { return scalar(values[0]) }
        beginObject()
        list("$in", values) { $1.scalar($0) }
        endObject()
    }

    private mutating func scalar(_ value: FilterValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .double(let value): double(value)
        case .string(let value): string(value)
        }
    }

    fileprivate mutating func range(_ range: FilterRange) {
        switch range {
        case .number(let lower, let upper): numbers(lower, upper)
        case .string(nil, nil): bounds(.init("", inclusive: true), nil) { $1.string($0) }
        case .string(let lower, let upper): bounds(lower, upper) { $1.string($0) }
        }
    }

    /// Metadata holds finite numbers only, so infinite bounds either always hold or never.
    private mutating func numbers(_ lower: FilterRange.Bound<Double>?, _ upper: FilterRange.Bound<Double>?) {
        let isEmpty = [lower?.value, upper?.value].contains { $0?.isNaN == true } || lower?.value == .infinity
            || upper?.value == -.infinity
        if isEmpty { return equality([]) }
        let finite = (lower: lower.flatMap { $0.value.isFinite ? $0 : nil }, upper: upper.flatMap { $0.value.isFinite ? $0 : nil })
        if finite.lower == nil, finite.upper == nil {
            return bounds(.init(-Double.greatestFiniteMagnitude, inclusive: true), nil) { $1.double($0) }
        }
        bounds(finite.lower, finite.upper) { $1.double($0) }
    }

    private mutating func bounds<Value>(
        _ lower: FilterRange.Bound<Value>?, _ upper: FilterRange.Bound<Value>?, _ write: (Value, inout JSONWriter) -> Void
    ) {
        beginObject()
        if let lower {
            key(lower.inclusive ? "$gte" as StaticString : "$gt")
            write(lower.value, &self)
        }
        if let upper {
            key(upper.inclusive ? "$lte" as StaticString : "$lt")
            write(upper.value, &self)
        }
        endObject()
    }
}

extension FilterValue {
    fileprivate var isFinite: Bool {
        if case .double(let value) = self { value.isFinite } else { true }
    }
}
