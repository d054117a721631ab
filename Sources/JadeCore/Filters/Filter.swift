/// A condition over metadata.
///
/// A field that holds an array matches when any element does; nested arrays of objects are followed along the path. A
/// range asks one element to satisfy all of its bounds. `null` matches a missing field too, as in MongoDB.
public indirect enum Filter: Sendable, Hashable {
    /// All of them; an empty list matches everything.
    case and([Filter])
    /// At least one of them; an empty list matches nothing.
    case or([Filter])
    case not(Filter)
    /// The field equals one of the values; a list of one is equality.
    case isIn(FieldPath, [FilterValue])
    case range(FieldPath, FilterRange)
    /// The field is present (`null` counts as present) or, with `false`, is not.
    case exists(FieldPath, Bool)

    public static func equals(_ path: FieldPath, _ value: FilterValue) -> Filter { .isIn(path, [value]) }
}

/// A scalar that a filter compares with. Integers and doubles compare by value: `1` equals `1.0`.
public enum FilterValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
}

/// Bounds over numbers or over strings (in order of their UTF-8 bytes, so ISO dates compare as dates).
public enum FilterRange: Sendable, Hashable {
    case number(lower: Bound<Double>?, upper: Bound<Double>?)
    case string(lower: Bound<String>?, upper: Bound<String>?)

    public struct Bound<Value: Sendable & Hashable>: Sendable, Hashable {
        public let value: Value
        public let inclusive: Bool

        public init(_ value: Value, inclusive: Bool) {
            self.value = value
            self.inclusive = inclusive
        }
    }
}
