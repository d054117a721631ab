internal import JadeIO
internal import JadeKernels

/// The lists of an index, as chains of ``ListExtent``. Entries are appended in place; whatever else changes makes another table, and
/// what only the old one holds is freed when its last reader has gone.
///
/// `@unchecked Sendable`: the addresses of the first extents are atomic, and so is what readers follow from there; all else belongs to whoever
/// holds the list's lock, or to the one thread that builds or replaces the table.
final class ListTable: @unchecked Sendable {
    let count: Int
    let layout: EntryLayout
    private let heads: UnsafeMutablePointer<UInt64>
    private let tails: UnsafeMutablePointer<ListExtent.Pointer?>
    private let sizes: UnsafeMutablePointer<UInt32>
    private let locks: UnsafeMutablePointer<UInt8>
    /// Files that extents lie in.
    private let mapped: [ReservedMemory]
    /// What the table that came after does not have; only set with it.
    private var garbage: [ListExtent.Pointer] = []
    private var successor: ListTable?

    init(count: Int, layout: EntryLayout, mapped: [ReservedMemory] = []) {
        (self.count, self.layout, self.mapped) = (count, layout, mapped)
        heads = .allocate(capacity: count)
        heads.initialize(repeating: 0, count: count)
        tails = .allocate(capacity: count)
        tails.initialize(repeating: nil, count: count)
        sizes = .allocate(capacity: count)
        sizes.initialize(repeating: 0, count: count)
        locks = .allocate(capacity: count)
        locks.initialize(repeating: 0, count: count)
    }

    deinit {
        // An old table may still have been read through: only its own leavings go, the rest lives on in the next.
        if successor == nil { for list in 0..<count { forEachExtent(list) { garbage.append($0) } } }
        for extent in garbage { extent.free() }
        heads.deallocate()
        tails.deallocate()
        sizes.deallocate()
        locks.deallocate()
    }

    /// The first extent of a list.
    @inline(__always)
    func first(_ list: Int) -> ListExtent.Pointer? { ListExtent.Pointer(bitPattern: UInt((heads + list).loadAcquire())) }

    /// Entries of a list.
    func size(_ list: Int) -> Int { Int((sizes + list).loadRelaxed()) }

    func forEachExtent(_ list: Int, _ body: (ListExtent.Pointer) -> Void) {
        var extent = first(list)
        while let current = extent {
            extent = current.following
            body(current)
        }
    }

    /// Appends entries to a list; any number of threads may.
    func append(_ list: Int, ordinals: UnsafePointer<UInt32>, codes: UnsafeRawPointer, count added: Int) {
        (locks + list).spinLock()
        defer { (locks + list).spinUnlock() }
        var done = 0
        while done < added {
            let extent = roomyExtent(list, wanted: added - done)
            let start = extent.published
            let size = min(added - done, Int(extent.pointee.capacity) - start)
            for index in 0..<size {
                extent.pointee.ordinals[start + index] = ordinals[done + index]
                layout.write(codes + (done + index) * layout.rowBytes, at: start + index, into: extent.pointee.codes)
            }
            extent.publish(start + size)
            done += size
        }
        (sizes + list).storeRelaxed(UInt32(size(list) + added))
    }

    /// The last extent if it has room, else a new one behind it, a quarter as large as the list.
    private func roomyExtent(_ list: Int, wanted: Int) -> ListExtent.Pointer {
        if let tail = tails[list], tail.published < Int(tail.pointee.capacity) { return tail }
        let entries = min(max(wanted, size(list) / 4), Self.largestExtent)
        return attach(layout.allocate(entries: entries), to: list)
    }

    private static let largestExtent = 1 << 16

    @discardableResult
    private func attach(_ extent: ListExtent.Pointer, to list: Int) -> ListExtent.Pointer {
        if let tail = tails[list] {
            tail.follow(with: extent)
        } else {
            (heads + list).storeRelease(UInt64(UInt(bitPattern: extent)))
        }
        tails[list] = extent
        return extent
    }

    /// Gives a list that is empty so far an extent over mapped memory.
    func adopt(_ extent: ListExtent.Pointer, list: Int) {
        attach(extent, to: list)
        (sizes + list).storeRelaxed(UInt32(extent.published))
    }

    /// A table whose lists numbered in `lists` hold only the entries that `keeps` admits, in one extent each. Nobody may append
    /// meanwhile, or to this table afterwards.
    func replacing(_ lists: [Int], keeps: (UInt32) -> Bool) -> ListTable {
        let new = ListTable(count: count, layout: layout, mapped: mapped)
        for list in 0..<count {
            new.heads[list] = heads[list]
            new.tails[list] = tails[list]
            new.sizes[list] = sizes[list]
        }
        var old: [ListExtent.Pointer] = []
        for list in lists {
            var entries: [(extent: ListExtent.Pointer, index: Int)] = []
            forEachExtent(list) { extent in
                old.append(extent)
                for index in 0..<extent.published where keeps(extent.pointee.ordinals[index]) { entries.append((extent, index)) }
            }
            (new.heads[list], new.tails[list], new.sizes[list]) = (0, nil, UInt32(entries.count))
            if !entries.isEmpty { new.attach(copy(entries), to: list) }
        }
        (garbage, successor) = (old, new)
        return new
    }

    /// Brings every list into one extent of its own. Nobody may read or append meanwhile.
    func join() {
        for list in 0..<count where first(list)?.following != nil {
            let joined = joined(list)
            forEachExtent(list) { $0.free() }
            (heads + list).storeRelease(UInt64(UInt(bitPattern: joined)))
            tails[list] = joined
        }
    }

    /// All of a list in one extent of its own, which the caller frees.
    func joined(_ list: Int) -> ListExtent.Pointer {
        var entries: [(extent: ListExtent.Pointer, index: Int)] = []
        forEachExtent(list) { extent in
            for index in 0..<extent.published { entries.append((extent, index)) }
        }
        return copy(entries)
    }

    private func copy(_ entries: [(extent: ListExtent.Pointer, index: Int)]) -> ListExtent.Pointer {
        let extent = layout.allocate(entries: entries.count)
        let code = UnsafeMutableRawPointer.allocate(byteCount: max(layout.rowBytes, 1), alignment: 4)
        defer { code.deallocate() }
        for (place, entry) in entries.enumerated() {
            layout.read(entry.index, of: entry.extent, into: code)
            layout.write(code, at: place, into: extent.pointee.codes)
            extent.pointee.ordinals[place] = entry.extent.pointee.ordinals[entry.index]
        }
        extent.publish(entries.count)
        return extent
    }

    /// Bytes of all extents and of the table itself.
    var memoryBytes: Int {
        var sum = count * 21
        for list in 0..<count {
            forEachExtent(list) { sum += Int($0.pointee.capacity) * 4 + layout.codeBytes(capacity: Int($0.pointee.capacity)) + ListExtent.headBytes }
        }
        return sum
    }
}

/// How entries lie in an extent: rows of codes one behind the other, or in blocks for the fast scan.
enum EntryLayout: Sendable, Hashable {
    case rows(bytes: Int)
    case blocks(subspaces: Int)

    /// Extents have room for multiples of this.
    static let blockRows = FastScanBlocks.blockRows

    /// Bytes of one entry's code as it is handed in.
    var rowBytes: Int {
        switch self {
        case .rows(let bytes): bytes
        case .blocks(let subspaces): PQCode.pq4.byteCount(subspaces: subspaces)
        }
    }

    func codeBytes(capacity: Int) -> Int {
        switch self {
        case .rows(let bytes): capacity * bytes
        case .blocks(let subspaces): FastScanBlocks.byteCount(count: capacity, subspaces: subspaces)
        }
    }

    static func capacity(entries: Int) -> Int { (max(entries, 1) + blockRows - 1) / blockRows * blockRows }

    func allocate(entries: Int) -> ListExtent.Pointer {
        let capacity = Self.capacity(entries: entries)
        return ListExtent.allocate(capacity: capacity, codeBytes: codeBytes(capacity: capacity))
    }

    func write(_ code: UnsafeRawPointer, at index: Int, into codes: UnsafeMutableRawPointer) {
        switch self {
        case .rows(let bytes): (codes + index * bytes).copyMemory(from: code, byteCount: bytes)
        case .blocks(let subspaces):
            FastScanBlocks.write(row: index, codes: code.assumingMemoryBound(to: UInt8.self), subspaces: subspaces, into: codes)
        }
    }

    func read(_ index: Int, of extent: ListExtent.Pointer, into code: UnsafeMutableRawPointer) {
        switch self {
        case .rows(let bytes): code.copyMemory(from: extent.pointee.codes + index * bytes, byteCount: bytes)
        case .blocks(let subspaces):
            FastScanBlocks(extent.pointee.codes, subspaces: subspaces, count: extent.published)
                .read(row: index, into: code.assumingMemoryBound(to: UInt8.self))
        }
    }
}
