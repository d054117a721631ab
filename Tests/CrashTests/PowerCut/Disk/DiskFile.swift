/// A file on a disk: what is certainly there, and what may be, in the order in which it was done.
struct DiskFile {
    private enum Change {
        case write(DiskWrite)
        case resize(Int)
    }

    private(set) var durable: [UInt8] = []
    private var pending: [(event: Int, change: Change)] = []

    var isDurable: Bool { pending.isEmpty }

    mutating func write(_ write: DiskWrite, at event: Int) { pending.append((event, .write(write))) }
    mutating func resize(to size: Int, at event: Int) { pending.append((event, .resize(size))) }

    /// Makes what was done before the event durable; of writes only those inside the range, if one is given.
    mutating func sync(_ range: Range<Int>?, before event: Int) {
        var rest: [(event: Int, change: Change)] = []
        for entry in pending {
            guard entry.event < event else {
                rest.append(entry)
                continue
            }
            switch entry.change {
            case .write(let write):
                guard range == nil || range!.contains(write.range.lowerBound) else {
                    rest.append(entry)
                    continue
                }
                durable.store(write.bytes[...], at: write.offset)
            case .resize(let size):
                rest = rest.compactMap { Self.clipped($0, to: size) }
                durable.resize(to: size)
            }
        }
        pending = rest
    }

    private static func clipped(_ entry: (event: Int, change: Change), to size: Int) -> (event: Int, change: Change)? {
        guard case .write(let write) = entry.change else { return entry }
        guard write.offset < size else { return nil }
        return (entry.event, .write(DiskWrite(offset: write.offset, bytes: Array(write.bytes.prefix(size - write.offset)))))
    }

    /// One of the contents that a power cut may leave. Each sector holds what it held at some moment since the last sync, and
    /// so does the file's size; what was cut off does not come back where the size has forgotten it.
    func content(_ fate: FileFate, _ random: inout some RandomNumberGenerator) -> [UInt8] {
        if pending.isEmpty || fate == .nothing { return durable }
        var times = SectorTimes(fate, count: pending.count, &random)
        let sizeTime = times.sizeTime
        var (content, size) = (durable, durable.count)
        for (index, entry) in pending.enumerated() {
            switch entry.change {
            case .resize(let new):
                guard index < sizeTime else { continue }
                if new < content.count { content.resize(to: new) }
                size = new
            case .write(let write):
                if index < sizeTime { size = max(size, write.range.upperBound) }
                for sector in times.sectors(of: write.range) where index < times.time(of: sector, &random) {
                    let part = sector.clamped(to: write.range)
                    let from = part.lowerBound - write.offset
                    content.store(write.bytes[from..<(from + part.count)], at: part.lowerBound)
                }
            }
        }
        content.resize(to: size)
        return content
    }
}

extension [UInt8] {
    mutating func resize(to size: Int) {
        if count > size { removeLast(count - size) } else { append(contentsOf: repeatElement(0, count: size - count)) }
    }

    /// Stores bytes, with zeros before them where there was nothing.
    mutating func store(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        if count < offset + bytes.count { resize(to: offset + bytes.count) }
        bytes.withUnsafeBytes { source in
            withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[offset..<(offset + source.count)]).copyMemory(from: source) }
        }
    }
}
