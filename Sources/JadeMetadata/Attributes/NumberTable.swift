/// The distinct numbers of one kind (integers or doubles) in a column, each with the ordinals that have it.
final class NumberTable<Key: NumberKey> {
    private var keys: [Key] = []
    private var ordinals: [OrdinalSet] = []
    /// The ordinal of a number that one has, so that wide ranges are read from two plain arrays; ``several`` for one that none has, or more.
    private var only: [UInt32] = []
    private static var several: UInt32 { .max }
    private var slots = HashSlots()
    private let order = ValueOrder()
    private var dead = 0

    init() {}

    func insert(_ key: Key, _ ordinal: UInt32) {
        if let id = find(key) {
            if ordinals[Int(id)].isEmpty { dead -= 1 }
            ordinals[Int(id)].insert(ordinal)
            only[Int(id)] = ordinals[Int(id)].only ?? Self.several
            return
        }
        slots.insert(hash: key.hashValue, id: UInt32(keys.count))
        keys.append(key)
        ordinals.append(.one(ordinal))
        only.append(ordinal)
    }

    func remove(_ key: Key, _ ordinal: UInt32) {
        guard let id = find(key), !ordinals[Int(id)].isEmpty else { return }
        ordinals[Int(id)].remove(ordinal)
        only[Int(id)] = ordinals[Int(id)].only ?? Self.several
        guard ordinals[Int(id)].isEmpty else { return }
        dead += 1
        if ValueLimits.shouldCompact(dead: dead, of: keys.count) { compact() }
    }

    /// The ordinals that have exactly this number.
    func ordinals(of key: Key) -> OrdinalSet { find(key).map { ordinals[Int($0)] } ?? .none }

    /// Adds the ordinals of every number within the bounds.
    func add(in range: NumberRange, to bitmap: inout OrdinalBitmap) {
        if isWide(range) { return addWide(range, to: &bitmap) }
        visit(range) { ordinals in
            ordinals.add(to: &bitmap)
            return true
        }
    }

    /// Looks at every number where it lies. Numbers of one ordinal each come mostly in the order of these: their bits are gathered
    /// word by word, and whether a number is within is arithmetic instead of a branch, which half of them would take by surprise.
    private func addWide(_ range: NumberRange, to bitmap: inout OrdinalBitmap) {
        let end = UInt32(clamping: bitmap.universe)
        let (low, high) = (range.lower?.value ?? -.infinity, range.upper?.value ?? .infinity)
        let (takesLow, takesHigh) = (range.lower?.inclusive ?? true ? 1 : 0, range.upper?.inclusive ?? true ? 1 : 0) as (UInt64, UInt64)
        var others = false
        keys.withUnsafeBufferPointer { keys in
            only.withUnsafeBufferPointer { only in
                bitmap.words.withUnsafeMutableBufferPointer { words in
                    var (place, bits) = (0, UInt64(0))
                    for id in 0..<only.count {
                        let (ordinal, number) = (only[id], keys[id].asDouble)
                        guard ordinal < end else {
                            others = others || ordinal == Self.several
                            continue
                        }
                        let isAboveLow = (number > low ? 1 : 0) | ((number == low ? 1 : 0) & takesLow)
                        let isBelowHigh = (number < high ? 1 : 0) | ((number == high ? 1 : 0) & takesHigh)
                        if Int(ordinal >> 6) != place {
                            words[place] |= bits
                            (place, bits) = (Int(ordinal >> 6), 0)
                        }
                        bits |= (isAboveLow & isBelowHigh) << UInt64(ordinal & 63)
                    }
                    if bits != 0 { words[place] |= bits }
                }
            }
        }
        guard others else { return }
        for (id, ordinal) in only.enumerated() where ordinal == Self.several {
            let number = keys[id].asDouble
            if !range.isBelow(number), !range.isAbove(number) { ordinals[id].add(to: &bitmap) }
        }
    }

    /// Calls the body with the ordinals of every number within the bounds, until it returns false.
    func forEach(in range: NumberRange, _ body: (borrowing OrdinalSet) -> Bool) { visit(range, body) }

    private func isWide(_ range: NumberRange) -> Bool {
        let places = order.ids(of: keys.count) { keys[Int($0)].asDouble < keys[Int($1)].asDouble }.places(of: range, in: keys)
        return ValueLimits.isWide(places.count, of: keys.count)
    }

    @inline(__always)
    private func visit(_ range: NumberRange, _ body: (borrowing OrdinalSet) -> Bool) {
        keys.withUnsafeBufferPointer { keys in
            ordinals.withUnsafeBufferPointer { ordinals in
                let sorted = order.ids(of: keys.count) { keys[Int($0)].asDouble < keys[Int($1)].asDouble }
                let places = sorted.places(of: range, in: keys)
                let isWide = ValueLimits.isWide(places.count, of: keys.count)
                if !isWide {
                    for id in sorted[places] where !body(ordinals[Int(id)]) { return }
                }
                for id in (isWide ? 0 : sorted.count)..<keys.count {
                    let number = keys[id].asDouble
                    if !range.isBelow(number), !range.isAbove(number), !body(ordinals[id]) { return }
                }
            }
        }
    }

    var memoryBytes: Int {
        keys.capacity * MemoryLayout<Key>.stride + ordinals.capacity * MemoryLayout<OrdinalSet>.stride + only.capacity * 4 + slots.memoryBytes
            + order.memoryBytes + ordinals.reduce(0) { $0 + $1.memoryBytes }
    }

    private func find(_ key: Key) -> UInt32? {
        slots.first(hash: key.hashValue) { keys[Int($0)] == key }
    }

    private func compact() {
        let oldKeys = keys
        let oldOrdinals = ordinals
        (keys, ordinals, only, slots, dead) = ([], [], [], HashSlots(), 0)
        for (key, set) in zip(oldKeys, oldOrdinals) where !set.isEmpty {
            slots.insert(hash: key.hashValue, id: UInt32(keys.count))
            keys.append(key)
            ordinals.append(set)
            only.append(set.only ?? Self.several)
        }
        order.reset()
    }
}

extension [UInt32] {
    /// Of ids in the order of their numbers, where those within the bounds stand.
    fileprivate func places<Keys: RandomAccessCollection>(of range: NumberRange, in keys: Keys) -> Range<Int>
    where Keys.Index == Int, Keys.Element: NumberKey {
        let low = partitionPoint { range.isBelow(keys[Int($0)].asDouble) }
        let high = partitionPoint { !range.isAbove(keys[Int($0)].asDouble) }
        return low..<Swift.max(low, high)
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
