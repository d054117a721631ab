import JadeCore

/// One field path of the metadata seen so far: which ordinals have the path, which scalars they have there, and the
/// fields below it.
///
/// Follows ``Filter/matches(_:)``: arrays are stepped through wherever they stand, so an ordinal may have several
/// scalars at a path, and a path counts as present when any of the ways along it arrives.
final class AttributeField {
    private(set) var children: [String: AttributeField] = [:]
    private(set) var present = OrdinalSet()
    private(set) var null = OrdinalSet()
    private(set) var bools = (no: OrdinalSet(), yes: OrdinalSet())
    /// Not-a-numbers equal nothing and lie in no range but the one without bounds.
    private(set) var notANumbers = OrdinalSet()
    private(set) var integers: NumberTable<Int64>?
    private(set) var doubles: NumberTable<Double>?
    private(set) var strings: StringTable?

    init() {}

    /// Adds an ordinal's value at this path. Returns how many fields this made.
    func insert(_ value: MetadataValue, _ ordinal: UInt32, depth: Int) -> Int {
        switch value {
        case .object(let members):
            var made = 0
            for (key, member) in members {
                guard let child = child(key, depth: depth, made: &made) else { continue }
                child.present.insert(ordinal)
                made += child.insert(member, ordinal, depth: depth + 1)
            }
            return made
        case .array(let elements):
            return elements.reduce(0) { $0 + insert($1, ordinal, depth: depth) }
        case .null, .bool, .integer, .double, .string:
            insert(scalar: value, ordinal)
            return 0
        }
    }

    /// Takes back what ``insert(_:_:depth:)`` did with the same value.
    func remove(_ value: MetadataValue, _ ordinal: UInt32) {
        switch value {
        case .object(let members):
            for (key, member) in members {
                guard let child = children[key] else { continue }
                child.present.remove(ordinal)
                child.remove(member, ordinal)
            }
        case .array(let elements):
            for element in elements { remove(element, ordinal) }
        case .null, .bool, .integer, .double, .string:
            remove(scalar: value, ordinal)
        }
    }

    /// How many fields inserting the value would make.
    func countMissing(for value: MetadataValue, depth: Int) -> Int {
        switch value {
        case .object(let members):
            members.reduce(0) { total, member in
                if let child = children[member.key] { return total + child.countMissing(for: member.value, depth: depth + 1) }
                guard Self.isReachable(member.key, depth: depth) else { return total }
                return total + 1 + AttributeField().countMissing(for: member.value, depth: depth + 1)
            }
        case .array(let elements): elements.reduce(0) { $0 + countMissing(for: $1, depth: depth) }
        case .null, .bool, .integer, .double, .string: 0
        }
    }

    /// The field at the end of a path below this one, if any ordinal ever had it.
    func descendant(_ keys: some Sequence<String>) -> AttributeField? {
        var field = self
        for key in keys {
            guard let child = field.children[key] else { return nil }
            field = child
        }
        return field
    }

    private func child(_ key: String, depth: Int, made: inout Int) -> AttributeField? {
        if let child = children[key] { return child }
        guard Self.isReachable(key, depth: depth) else { return nil }
        let child = AttributeField()
        children[key] = child
        made += 1
        return child
    }

    /// Whether a ``FieldPath`` can name the key: one with a dot in it, an empty one and one too deep can only be stored.
    private static func isReachable(_ key: String, depth: Int) -> Bool {
        depth < Limits.maximumJSONDepth && !key.isEmpty && !key.utf8.contains(UInt8(ascii: "."))
    }

    private func insert(scalar: MetadataValue, _ ordinal: UInt32) {
        switch scalar {
        case .null: null.insert(ordinal)
        case .bool(false): bools.no.insert(ordinal)
        case .bool(true): bools.yes.insert(ordinal)
        case .integer(let value): table(&integers).insert(value, ordinal)
        case .double(let value):
            if value.isNaN {
                notANumbers.insert(ordinal)
            } else if let whole = Int64(exactly: value) {
                table(&integers).insert(whole, ordinal)
            } else {
                table(&doubles).insert(value, ordinal)
            }
        case .string(let value):
            let strings = strings ?? StringTable()
            self.strings = strings
            strings.insert(value, ordinal)
        case .array, .object: break
        }
    }

    private func remove(scalar: MetadataValue, _ ordinal: UInt32) {
        switch scalar {
        case .null: null.remove(ordinal)
        case .bool(false): bools.no.remove(ordinal)
        case .bool(true): bools.yes.remove(ordinal)
        case .integer(let value): integers?.remove(value, ordinal)
        case .double(let value):
            if value.isNaN {
                notANumbers.remove(ordinal)
            } else if let whole = Int64(exactly: value) {
                integers?.remove(whole, ordinal)
            } else {
                doubles?.remove(value, ordinal)
            }
        case .string(let value): strings?.remove(value, ordinal)
        case .array, .object: break
        }
    }

    private func table<Key>(_ table: inout NumberTable<Key>?) -> NumberTable<Key> {
        if let table { return table }
        let made = NumberTable<Key>()
        table = made
        return made
    }

    /// Bytes of this field and all below it, roughly.
    var memoryBytes: Int {
        let sets = [present, null, bools.no, bools.yes, notANumbers].reduce(0) { $0 + $1.memoryBytes }
        let tables = (integers?.memoryBytes ?? 0) + (doubles?.memoryBytes ?? 0) + (strings?.memoryBytes ?? 0)
        return children.values.reduce(128 + children.capacity * 32 + sets + tables) { $0 + $1.memoryBytes }
    }
}
