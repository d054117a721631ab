internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeQuantization

/// Reads saved lists without changing them and reports what does not hold: checksums, lengths, codebooks that do not fit, rows in
/// two lists or beyond the extent, and live rows that are in none.
struct SavedListsCheck {
    private(set) var summary = SavedIndexSummary()
    private(set) var findings = FindingList()
    private let directory: String

    init(_ directory: String, livingSince: ((UInt32) -> UInt64?)?, progress: CheckProgress) {
        self.directory = directory
        summary.kind = .ivf
        let path = "\(directory)/\(IVFHeader.fileName)"
        let files = ReadOnlyFileSystem()
        let header = findings.trying(path) { () throws(JadeError) in
            try IVFHeader(try files.readFile(path, limit: IVFHeader.byteCount), file: path)
        }
        guard let header, describe(header, path) else { return }
        progress("checking lists", 0, summary.extent)
        var held = [UInt64](repeating: 0, count: (summary.extent + 63) / 64)
        let opened = findings.trying(path) { () throws(JadeError) in
            let saved = SavedLists(directory: directory, header: header, files: files, kernels: try Kernels.selected())
            return try saved.table(try saved.model()) { ordinal, _ in
                let bit: UInt64 = 1 << UInt64(ordinal & 63)
                guard held[Int(ordinal >> 6)] & bit == 0 else { return false }
                held[Int(ordinal >> 6)] |= bit
                return true
            }
        }
        guard let table = opened else { return }
        let sizes = (0..<table.count).map { table.size($0) }
        (summary.largestList, summary.emptyLists) = (sizes.max() ?? 0, sizes.count { $0 == 0 })
        if let livingSince { checkLive(held, livingSince) }
    }

    private mutating func describe(_ header: IVFHeader, _ path: String) -> Bool {
        summary.metric = Int(header.metric.fileCode)
        summary.dimension = Int(header.dimension)
        summary.sequence = header.sequence
        summary.extent = Int(clamping: header.extent)
        summary.nodes = Int(clamping: header.entries)
        summary.nlist = Int(header.nlist)
        (summary.isTrained, summary.trainedError) = (header.isTrained != 0, header.trainedError)
        (summary.code, summary.codeBits) = ("\(header.code)", Int(header.bits))
        guard (1...Limits.maximumLists).contains(summary.nlist), summary.extent <= Limits.maximumVectorsPerShard,
            header.entries <= header.extent
        else {
            findings.add(
                path, 20, expected: "lists within the limits",
                found: "\(header.nlist) lists, \(header.entries) of \(header.extent) rows")
            return false
        }
        return true
    }

    private mutating func checkLive(_ held: [UInt64], _ livingSince: (UInt32) -> UInt64?) {
        var missing = (count: 0, first: UInt32(0))
        for ordinal in 0..<UInt32(summary.extent) {
            let isHeld = held[Int(ordinal >> 6)] >> UInt64(ordinal & 63) & 1 == 1
            let born = livingSince(ordinal)
            if isHeld {
                if born == nil { summary.deadNodes += 1 }
            } else if let born, born <= summary.sequence {
                if missing.count == 0 { missing.first = ordinal }
                missing.count += 1
            }
        }
        guard missing.count > 0 else { return }
        // Slots that were given to other rows just before: searches compare those one by one until lists have them.
        findings.add(
            "\(directory)/ordinals", severity: .warning, expected: "every live row below \(summary.extent) in a list",
            found: "\(missing.count) in none yet, first ordinal \(missing.first)")
    }
}
