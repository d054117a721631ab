import JadeCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The distinct strings of a column, each with the ordinals that have it.
///
/// The text of all strings lies in one array of bytes, which spares an allocation and a header for every string: what a
/// million unique summaries take is their own bytes and about thirty more each. Strings are told apart by bytes; which
/// of them a filter's string equals is for ``FilterValue/equals(_:)`` to say (strings that are equal to Swift have equal
/// hashes, whatever their bytes).
final class StringTable {
    private var text: [UInt8] = []
    /// Where each string's bytes end; they begin where the one before ends.
    private var ends: [Int] = []
    private var ordinals: [OrdinalSet] = []
    private var slots = HashSlots()
    private let order = ValueOrder()
    private var dead = 0

    func insert(_ string: String, _ ordinal: UInt32) {
        if let id = find(string) {
            if ordinals[Int(id)].isEmpty { dead -= 1 }
            return ordinals[Int(id)].insert(ordinal)
        }
        append(string.utf8, hash: string.hashValue, .one(ordinal))
    }

    func remove(_ string: String, _ ordinal: UInt32) {
        guard let id = find(string), !ordinals[Int(id)].isEmpty else { return }
        ordinals[Int(id)].remove(ordinal)
        guard ordinals[Int(id)].isEmpty else { return }
        dead += 1
        if ValueLimits.shouldCompact(dead: dead, of: ends.count) { compact() }
    }

    /// Calls the body with the ordinals of every string that equals the given one.
    func forEach(equalTo string: String, _ body: (OrdinalSet) -> Void) {
        let wanted = FilterValue.string(string)
        _ = slots.first(hash: string.hashValue) { id in
            if holds(id, string) || wanted.equals(.string(self.string(id))) { body(ordinals[Int(id)]) }
            return false
        }
    }

    /// Adds the ordinals of every string within the bounds.
    func add(in range: StringRange, to bitmap: inout OrdinalBitmap) {
        visit(range) { ordinals in
            ordinals.add(to: &bitmap)
            return true
        }
    }

    /// Calls the body with the ordinals of every string within the bounds, until it returns false.
    func forEach(in range: StringRange, _ body: (borrowing OrdinalSet) -> Bool) { visit(range, body) }

    @inline(__always)
    private func visit(_ range: StringRange, _ body: (borrowing OrdinalSet) -> Bool) {
        let (ends, ordinals) = (ends, ordinals)  // locals: no exclusivity checks inside the loops
        text.withUnsafeBufferPointer { text in
            func bytes(_ id: UInt32) -> UnsafeBufferPointer<UInt8> {
                UnsafeBufferPointer(rebasing: text[(id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)]])
            }
            let sorted = order.ids(of: ends.count) { Self.compare(bytes($0), bytes($1)) < 0 }
            let low = sorted.partitionPoint { range.isBelow(bytes($0)) }
            let high = sorted.partitionPoint { !range.isAbove(bytes($0)) }
            let isWide = ValueLimits.isWide(high - low, of: ends.count)
            if low < high, !isWide {
                for id in sorted[low..<high] where !body(ordinals[Int(id)]) { return }
            }
            for id in (isWide ? 0 : sorted.count)..<ends.count {
                let string = bytes(UInt32(id))
                if !range.isBelow(string), !range.isAbove(string), !body(ordinals[id]) { return }
            }
        }
    }

    var memoryBytes: Int {
        text.capacity + ends.capacity * 8 + ordinals.capacity * MemoryLayout<OrdinalSet>.stride + slots.memoryBytes
            + order.memoryBytes + ordinals.reduce(0) { $0 + $1.memoryBytes }
    }

    /// Order of bytes, a prefix first: negative, zero or positive.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
        let shared = min(left.count, right.count)
        if shared > 0, let first = left.baseAddress, let second = right.baseAddress {
            let order = memcmp(first, second, shared)
            if order != 0 { return Int(order) }
        }
        return left.count - right.count
    }

    private func find(_ string: String) -> UInt32? {
        slots.first(hash: string.hashValue) { holds($0, string) }
    }

    private func range(_ id: UInt32) -> Range<Int> { (id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)] }

    private func string(_ id: UInt32) -> String { String(decoding: text[range(id)], as: UTF8.self) }

    private func holds(_ id: UInt32, _ string: String) -> Bool {
        let range = range(id)
        return range.count == string.utf8.count && text[range].elementsEqual(string.utf8)
    }

    private func append(_ bytes: some Collection<UInt8>, hash: Int, _ set: OrdinalSet) {
        slots.insert(hash: hash, id: UInt32(ends.count))
        text.append(contentsOf: bytes)
        ends.append(text.count)
        ordinals.append(set)
    }

    private func compact() {
        let old = (text: text, ends: ends, ordinals: ordinals)
        (text, ends, ordinals, slots, dead) = ([], [], [], HashSlots(), 0)
        var start = 0
        for (end, set) in zip(old.ends, old.ordinals) {
            if !set.isEmpty {
                let bytes = old.text[start..<end]
                append(bytes, hash: String(decoding: bytes, as: UTF8.self).hashValue, set)
            }
            start = end
        }
        order.reset()
    }
}

/// Bounds over strings in order of their UTF-8 bytes.
struct StringRange {
    let lower: (value: [UInt8], inclusive: Bool)?
    let upper: (value: [UInt8], inclusive: Bool)?

    func isBelow(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let lower else { return false }
        let order = lower.value.withUnsafeBufferPointer { StringTable.compare(bytes, $0) }
        return lower.inclusive ? order < 0 : order <= 0
    }

    func isAbove(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let upper else { return false }
        let order = upper.value.withUnsafeBufferPointer { StringTable.compare(bytes, $0) }
        return upper.inclusive ? order > 0 : order >= 0
    }
}
