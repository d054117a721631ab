/// A growing and shrinking set of ordinals in as little room as its size allows: nothing for one member, a sorted list
/// while sparse, bits once a list would be larger than those.
///
/// Most values of an attribute belong to one vector, a few belong to a large share of all: each end is cheap here.
enum OrdinalSet {
    case none
    case one(UInt32)
    /// Two or more, ascending.
    case list([UInt32])
    case bits(OrdinalBits)

    /// Lists below this stay lists: the bits' own overhead is larger.
    private static let smallestBits = 64

    init() { self = .none }

    var isEmpty: Bool {
        if case .none = self { true } else { false }
    }

    /// The one member of a set that has no other.
    var only: UInt32? {
        if case .one(let ordinal) = self { ordinal } else { nil }
    }

    var count: Int {
        switch self {
        case .none: 0
        case .one: 1
        case .list(let list): list.count
        case .bits(let bits): bits.count
        }
    }

    /// Heap bytes, roughly.
    var memoryBytes: Int {
        switch self {
        case .none, .one: 0
        case .list(let list): 32 + list.capacity * 4
        case .bits(let bits): 64 + bits.words.capacity * 8
        }
    }

    /// Adds an ordinal; nothing changes when it is a member already. Amortized O(1) for the largest ordinal so far.
    mutating func insert(_ ordinal: UInt32) {
        switch self {
        case .none: self = .one(ordinal)
        case .one(let only):
            if only != ordinal { self = .list(only < ordinal ? [only, ordinal] : [ordinal, only]) }
        case .list(var list):
            self = .none  // the list is now referenced once and changes in place
            list.insertSorted(ordinal)
            self = Self.compact(list)
        case .bits(let bits): bits.insert(ordinal)
        }
    }

    /// Removes an ordinal if it is a member.
    mutating func remove(_ ordinal: UInt32) {
        switch self {
        case .none: return
        case .one(let only): if only == ordinal { self = .none }
        case .list(var list):
            self = .none
            let index = list.partitionPoint { $0 < ordinal }
            if index < list.count, list[index] == ordinal { list.remove(at: index) }
            self = list.count == 1 ? .one(list[0]) : .list(list)
        case .bits(let bits):
            bits.remove(ordinal)
            // Far below the point where a list becomes bits, so that a set at the border does not go to and fro.
            if bits.count < bits.words.count / 2 || bits.count < Self.smallestBits / 2 { self = Self.sparse(bits) }
        }
    }

    func contains(_ ordinal: UInt32) -> Bool {
        switch self {
        case .none: return false
        case .one(let only): return only == ordinal
        case .list(let list):
            let index = list.partitionPoint { $0 < ordinal }
            return index < list.count && list[index] == ordinal
        case .bits(let bits): return bits.contains(ordinal)
        }
    }

    /// Adds the members below the bitmap's universe to the bitmap.
    func add(to bitmap: inout OrdinalBitmap) {
        switch self {
        case .none: return
        case .one(let only): bitmap.insert(only)
        case .list(let list): for ordinal in list { bitmap.insert(ordinal) }
        case .bits(let bits): bitmap.formUnion(words: bits.words)
        }
    }

    private static func compact(_ list: [UInt32]) -> OrdinalSet {
        guard let last = list.last, list.count >= smallestBits, list.count * 32 > Int(last) else { return .list(list) }
        let bits = OrdinalBits()
        for ordinal in list { bits.insert(ordinal) }
        return .bits(bits)
    }

    private static func sparse(_ bits: OrdinalBits) -> OrdinalSet {
        var list: [UInt32] = []
        list.reserveCapacity(bits.count)
        for (index, word) in bits.words.enumerated() {
            var rest = word
            while rest != 0 {
                list.append(UInt32(index << 6 | rest.trailingZeroBitCount))
                rest &= rest &- 1
            }
        }
        return list.isEmpty ? .none : list.count == 1 ? .one(list[0]) : .list(list)
    }
}

/// Ordinals as bits that grow with the largest member.
final class OrdinalBits {
    private(set) var words: [UInt64] = []
    private(set) var count = 0

    func contains(_ ordinal: UInt32) -> Bool {
        let index = Int(ordinal >> 6)
        return index < words.count && words[index] & (1 << UInt64(ordinal & 63)) != 0
    }

    func insert(_ ordinal: UInt32) {
        let index = Int(ordinal >> 6)
        while words.count <= index { words.append(0) }
        let mask: UInt64 = 1 << UInt64(ordinal & 63)
        if words[index] & mask == 0 {
            words[index] |= mask
            count += 1
        }
    }

    func remove(_ ordinal: UInt32) {
        guard contains(ordinal) else { return }
        words[Int(ordinal >> 6)] &= ~(1 << UInt64(ordinal & 63))
        count -= 1
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element does not satisfy the predicate; elements that do must all come first.
    func partitionPoint(where precedes: (Element) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if precedes(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension [UInt32] {
    /// Puts an ordinal in its place in an ascending list, once.
    fileprivate mutating func insertSorted(_ ordinal: UInt32) {
        guard let last, last >= ordinal else { return append(ordinal) }
        let index = partitionPoint { $0 < ordinal }
        if self[index] != ordinal { insert(ordinal, at: index) }
    }
}
