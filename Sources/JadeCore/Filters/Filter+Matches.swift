extension Filter {
    /// Whether the metadata satisfies the filter: the definition that every faster path is tested against.
    ///
    /// Complexity: the filter's size times the values on its paths.
    public func matches(_ metadata: Metadata) -> Bool {
        switch self {
        case .and(let parts): parts.allSatisfy { $0.matches(metadata) }
        case .or(let parts): parts.contains { $0.matches(metadata) }
        case .not(let part): !part.matches(metadata)
        case .isIn(let path, let values): Self.isIn(path, values, metadata)
        case .range(let path, let range): Self.scalars(at: path, in: metadata).contains { range.contains($0) }
        case .exists(let path, let wanted): Self.isPresent(path.keys[...], in: .object(metadata)) == wanted
        }
    }

    private static func isIn(_ path: FieldPath, _ values: [FilterValue], _ metadata: Metadata) -> Bool {
        if values.contains(.null), !isPresent(path.keys[...], in: .object(metadata)) { return true }
        let found = scalars(at: path, in: metadata)
        return found.contains { scalar in values.contains { $0.equals(scalar) } }
    }

    /// The scalars a path leads to: arrays contribute their elements, one level at the end and any along the way.
    public static func scalars(at path: FieldPath, in metadata: Metadata) -> [FilterValue] {
        var found: [FilterValue] = []
        collect(path.keys[...], in: .object(metadata), into: &found)
        return found
    }

    private static func collect(_ keys: ArraySlice<String>, in value: MetadataValue, into found: inout [FilterValue]) {
        switch value {
        case .object(let members):
            guard let key = keys.first, let member = members[key] else { return }
            collect(keys.dropFirst(), in: member, into: &found)
        case .array(let elements):
            for element in elements { collect(keys, in: element, into: &found) }
        default:
            if keys.isEmpty, let scalar = FilterValue(value) { found.append(scalar) }
        }
    }

    private static func isPresent(_ keys: ArraySlice<String>, in value: MetadataValue) -> Bool {
        guard let key = keys.first else { return true }
        switch value {
        case .object(let members): return members[key].map { isPresent(keys.dropFirst(), in: $0) } ?? false
        case .array(let elements): return elements.contains { isPresent(keys, in: $0) }
        default: return false
        }
    }
}

extension FilterValue {
    /// The scalar that a metadata value is; nil for arrays and objects.
    public init?(_ value: MetadataValue) {
        switch value {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .array, .object: return nil
        }
    }

    /// The value as a number, where it is one.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .null, .bool, .string: nil
        }
    }

    /// Equality by value: an integer equals the double of the same value, exactly.
    public func equals(_ other: FilterValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .double(let right)): Int64(exactly: right) == left
        case (.double(let left), .integer(let right)): Int64(exactly: left) == right
        default: self == other
        }
    }
}

extension FilterRange {
    /// Whether the scalar lies within all bounds; a scalar of another kind never does.
    public func contains(_ scalar: FilterValue) -> Bool {
        switch self {
        case .number(let lower, let upper):
            guard let number = scalar.number else { return false }
            return (lower.map { $0.inclusive ? number >= $0.value : number > $0.value } ?? true)
                && (upper.map { $0.inclusive ? number <= $0.value : number < $0.value } ?? true)
        case .string(let lower, let upper):
            guard case .string(let text) = scalar else { return false }
            return (lower.map { Self.precedes($0.value, text, orEqual: $0.inclusive) } ?? true)
                && (upper.map { Self.precedes(text, $0.value, orEqual: $0.inclusive) } ?? true)
        }
    }

    /// Order of UTF-8 bytes.
    private static func precedes(_ left: String, _ right: String, orEqual: Bool) -> Bool {
        left.utf8.elementsEqual(right.utf8) ? orEqual : left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}
