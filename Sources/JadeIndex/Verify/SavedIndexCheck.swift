package import JadeCore
internal import JadeIO
internal import JadeKernels

/// What a saved index says about itself, and what its files hold.
package struct SavedIndexSummary: Sendable {
    package var kind = IndexSettings.Kind.hnsw
    package var metric = 0
    package var dimension = 0
    package var sequence: UInt64 = 0
    /// Ordinals below it are in the index, or were dead when it came to them.
    package var extent = 0
    /// Nodes of the graph or rows in lists, by the header.
    package var nodes = 0
    /// Of them, those that are dead by now.
    package var deadNodes = 0

    // Of a graph.
    package var m = 0
    package var efConstruction = 0
    /// The entry's ordinal, nil for an empty graph.
    package var entry: UInt32?
    package var entryLevel = 0
    package var links = 0
    /// Nodes of each layer, the lowest first.
    package var layers: [Int] = []
    /// Live nodes to which no path leads from the entry.
    package var unreachable: [UInt32] = []

    // Of lists.
    package var nlist = 0
    package var isTrained = false
    /// What lists hold of a row: none, scalar, product or binary codes.
    package var code = ""
    package var codeBits = 0
    package var largestList = 0
    package var emptyLists = 0
    package var trainedError = 0.0

    package init() {}
}

/// Reads a saved index of any kind without changing it and reports what does not hold.
///
/// Complexity: a few passes over its files; a bit and a word of memory for each row.
package struct SavedIndexCheck {
    package let summary: SavedIndexSummary
    package let findings: FindingList

    /// - Parameter livingSince: the sequence number of the write that made a row, nil for one that does not live. Nil if nobody knows,
    ///   which leaves out what depends on it.
    package init(_ directory: String, livingSince: ((UInt32) -> UInt64?)?, progress: CheckProgress = { _, _, _ in }) {
        if Self.holdsLists(directory) {
            let check = SavedListsCheck(directory, livingSince: livingSince, progress: progress)
            (summary, findings) = (check.summary, check.findings)
        } else {
            let check = SavedGraphCheck(directory, livingSince: livingSince, progress: progress)
            (summary, findings) = (check.summary, check.findings)
        }
    }

    /// Whether the header has the magic of lists. One without any magic of ours is taken for a graph's, which reports it.
    private static func holdsLists(_ directory: String) -> Bool {
        let header = try? ReadOnlyFileSystem().readFile("\(directory)/\(IVFHeader.fileName)", limit: IVFHeader.byteCount)
        guard let header, header.count >= 4 else { return false }
        return header.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) } == IVFHeader.magic
    }
}
