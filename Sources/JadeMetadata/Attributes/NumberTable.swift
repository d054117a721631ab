/// The distinct numbers of one kind (integers or doubles) in a column, each with the ordinals that have it.
final class NumberTable<Key: NumberKey> {
    private var keys: [Key] = []
    private var ordinals: [OrdinalSet] = []
    private var slots = HashSlots()
    private let order = ValueOrder()
    private var dead = 0

    init() {}

    func insert(_ key: Key, _ ordinal: UInt32) {
        if let id = find(key) {
            if ordinals[Int(id)].isEmpty { dead -= 1 }
            return ordinals[Int(id)].insert(ordinal)
        }
        slots.insert(hash: key.hashValue, id: UInt32(keys.count))
        keys.append(key)
        ordinals.append(.one(ordinal))
    }

    func remove(_ key: Key, _ ordinal: UInt32) {
        guard let id = find(key), !ordinals[Int(id)].isEmpty else { return }
        ordinals[Int(id)].remove(ordinal)
        guard ordinals[Int(id)].isEmpty else { return }
        dead += 1
        if ValueLimits.shouldCompact(dead: dead, of: keys.count) { compact() }
    }

    /// The ordinals that have exactly this number.
    func ordinals(of key: Key) -> OrdinalSet { find(key).map { ordinals[Int($0)] } ?? .none }

    /// Adds the ordinals of every number within the bounds.
    func add(in range: NumberRange, to bitmap: inout OrdinalBitmap) {
        visit(range) { ordinals in
            ordinals.add(to: &bitmap)
            return true
        }
    }

    /// Calls the body with the ordinals of every number within the bounds, until it returns false.
    func forEach(in range: NumberRange, _ body: (borrowing OrdinalSet) -> Bool) { visit(range, body) }

    @inline(__always)
    private func visit(_ range: NumberRange, _ body: (borrowing OrdinalSet) -> Bool) {
        keys.withUnsafeBufferPointer { keys in
            ordinals.withUnsafeBufferPointer { ordinals in
                let sorted = order.ids(of: keys.count) { keys[Int($0)].asDouble < keys[Int($1)].asDouble }
                let low = sorted.partitionPoint { range.isBelow(keys[Int($0)].asDouble) }
                let high = sorted.partitionPoint { !range.isAbove(keys[Int($0)].asDouble) }
                let isWide = ValueLimits.isWide(high - low, of: keys.count)
                if low < high, !isWide {
                    for id in sorted[low..<high] where !body(ordinals[Int(id)]) { return }
                }
                for id in (isWide ? 0 : sorted.count)..<keys.count {
                    let number = keys[id].asDouble
                    if !range.isBelow(number), !range.isAbove(number), !body(ordinals[id]) { return }
                }
            }
        }
    }

    var memoryBytes: Int {
        keys.capacity * MemoryLayout<Key>.stride + ordinals.capacity * MemoryLayout<OrdinalSet>.stride + slots.memoryBytes
            + order.memoryBytes + ordinals.reduce(0) { $0 + $1.memoryBytes }
    }

    private func find(_ key: Key) -> UInt32? {
        slots.first(hash: key.hashValue) { keys[Int($0)] == key }
    }

    private func compact() {
        let oldKeys = keys
        let oldOrdinals = ordinals
        (keys, ordinals, slots, dead) = ([], [], HashSlots(), 0)
        for (key, set) in zip(oldKeys, oldOrdinals) where !set.isEmpty {
            slots.insert(hash: key.hashValue, id: UInt32(keys.count))
            keys.append(key)
            ordinals.append(set)
        }
        order.reset()
    }
}

/// A number that ranges compare as a double.
protocol NumberKey: Hashable {
    var asDouble: Double { get }
}

extension Int64: NumberKey {
    var asDouble: Double { Double(self) }
}

extension Double: NumberKey {
    var asDouble: Double { self }
}

/// Bounds over numbers, as a place on the number line can be tested against them one side at a time.
struct NumberRange {
    let lower: (value: Double, inclusive: Bool)?
    let upper: (value: Double, inclusive: Bool)?

    func isBelow(_ number: Double) -> Bool {
        lower.map { $0.inclusive ? !(number >= $0.value) : !(number > $0.value) } ?? false
    }

    func isAbove(_ number: Double) -> Bool {
        upper.map { $0.inclusive ? !(number <= $0.value) : !(number < $0.value) } ?? false
    }
}

enum ValueLimits {
    /// Values that no ordinal has any more are kept until they are the larger part: building anew is then paid for by
    /// as many removals as it moves values.
    static func shouldCompact(dead: Int, of count: Int) -> Bool { dead > 1_024 && dead * 2 > count }

    /// Whether a range holds so many of the values that looking at all of them where they lie is faster than jumping to
    /// the ones within.
    static func isWide(_ matching: Int, of count: Int) -> Bool { matching * 8 > count }
}
