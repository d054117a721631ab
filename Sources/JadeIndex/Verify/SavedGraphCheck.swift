package import JadeCore
internal import JadeIO
import JadeKernels

/// Reads a saved graph without changing it and reports what does not hold: checksums, lengths, bounds, levels, counts, and
/// which live nodes no traversal reaches.
///
/// Complexity: a few passes over the links; a bit and a word of memory for each node.
struct SavedGraphCheck {
    private(set) var summary = SavedIndexSummary()
    private(set) var findings = FindingList()
    private let directory: String
    private var header: GraphHeader?
    private var sections: [ReservedMemory] = []

    /// - Parameter livingSince: the sequence number of the write that made a row, nil for one that does not live. Nil if nobody knows,
    ///   which leaves out what depends on it.
    init(_ directory: String, livingSince: ((UInt32) -> UInt64?)?, progress: CheckProgress = { _, _, _ in }) {
        self.directory = directory
        let files = ReadOnlyFileSystem()
        let path = "\(directory)/\(GraphHeader.fileName)"
        header = findings.trying(path) { () throws(JadeError) in
            try GraphHeader(try files.readFile(path, limit: GraphHeader.byteCount), file: path)
        }
        guard let header, describe(header), openSections(header, files) else { return }
        guard checkLevels(header), checkWords(header, progress) else { return }
        if let livingSince { checkLive(header, livingSince, progress) }
    }

    private mutating func describe(_ header: GraphHeader) -> Bool {
        let path = "\(directory)/\(GraphHeader.fileName)"
        summary.m = Int(header.m)
        summary.efConstruction = Int(header.efConstruction)
        summary.metric = Int(header.metric)
        summary.dimension = Int(header.dimension)
        summary.sequence = header.sequence
        summary.extent = Int(clamping: header.extent)
        summary.nodes = Int(clamping: header.nodes)
        if header.entry != 0 {
            summary.entry = UInt32(truncatingIfNeeded: header.entry) &- 1
            summary.entryLevel = Int(header.entry >> 32)
        }
        guard (1...Limits.maximumM).contains(summary.m), summary.extent <= Limits.maximumVectorsPerShard,
            header.upperBlocks <= UInt64(summary.extent * Graph.maximumLevel + 1)
        else {
            findings.add(
                path, 8, expected: "a graph within the limits",
                found: "m \(header.m), \(header.extent) rows, \(header.upperBlocks) upper blocks")
            return false
        }
        return true
    }

    private mutating func openSections(_ header: GraphHeader, _ files: ReadOnlyFileSystem) -> Bool {
        let m = summary.m
        let lengths = [
            summary.extent * Graph.baseStride(m: m) * 4, summary.extent, summary.extent * 4,
            Int(header.upperBlocks) * Graph.upperStride(m: m) * 4,
        ]
        var isWhole = true
        for (index, name) in GraphHeader.sectionNames.enumerated() {
            let path = "\(directory)/\(name)"
            let size = ((try? files.fileSize(path)) ?? nil) ?? 0
            guard Int(clamping: header.sections[index].length) == lengths[index], size == lengths[index] else {
                findings.add(path, size, expected: "\(lengths[index]) bytes", found: "\(size)")
                isWhole = false
                continue
            }
            let memory = findings.trying(path) { () throws(JadeError) in
                try ReservedMemory.mappingFile(path: path, length: size, reserve: max(size, 1))
            }
            guard let memory else { return false }
            let checksum = CRC32C.checksum(UnsafeRawBufferPointer(start: memory.base, count: size))
            if checksum != header.sections[index].checksum {
                findings.add(
                    path, 0, expected: "checksum 0x\(String(header.sections[index].checksum, radix: 16))",
                    found: "0x\(String(checksum, radix: 16))")
            }
            sections.append(memory)
        }
        return isWhole
    }

    private var links: UnsafePointer<UInt32> { UnsafePointer(sections[0].base.assumingMemoryBound(to: UInt32.self)) }
    private var levels: UnsafePointer<UInt8> { UnsafePointer(sections[1].base.assumingMemoryBound(to: UInt8.self)) }
    private var upperStarts: UnsafePointer<UInt32> { UnsafePointer(sections[2].base.assumingMemoryBound(to: UInt32.self)) }
    private var upperLinks: UnsafePointer<UInt32> { UnsafePointer(sections[3].base.assumingMemoryBound(to: UInt32.self)) }

    private mutating func checkLevels(_ header: GraphHeader) -> Bool {
        var layers = [Int](repeating: 0, count: Graph.maximumLevel + 1)
        for node in 0..<summary.extent where levels[node] > 0 {
            let level = Int(levels[node]) - 1
            guard level <= Graph.maximumLevel else {
                findings.add("\(directory)/levels", node, expected: "a layer of at most \(Graph.maximumLevel)", found: "\(level)")
                return false
            }
            guard level == 0 || UInt64(upperStarts[node]) + UInt64(level) <= header.upperBlocks else {
                findings.add(
                    "\(directory)/upper-starts", node * 4, expected: "blocks below \(header.upperBlocks)",
                    found: "\(upperStarts[node]) with layer \(level)")
                return false
            }
            for layer in 0...level { layers[layer] += 1 }
        }
        summary.layers = Array(layers.prefix { $0 > 0 })
        let headerPath = "\(directory)/\(GraphHeader.fileName)"
        if layers[0] != summary.nodes {
            findings.add(headerPath, 48, expected: "\(layers[0]) nodes, as levels has them", found: "\(summary.nodes)")
        }
        if let entry = summary.entry {
            guard Int(entry) < summary.extent, Int(levels[Int(entry)]) == summary.entryLevel + 1 else {
                findings.add(headerPath, 56, expected: "an entry among the nodes", found: "node \(entry) at layer \(summary.entryLevel)")
                return false
            }
        } else if layers[0] > 0 {
            findings.add(headerPath, 56, expected: "an entry to \(layers[0]) nodes", found: "none")
        }
        return true
    }

    /// The words of a node's list on a layer, and the file and offset they stand at.
    private func list(_ node: Int, _ layer: Int) -> (words: UnsafeBufferPointer<UInt32>, file: String, offset: Int) {
        if layer == 0 {
            let start = node * Graph.baseStride(m: summary.m)
            return (UnsafeBufferPointer(start: links + start, count: 2 * summary.m), "links", start * 4)
        }
        let start = (Int(upperStarts[node]) + layer - 1) * Graph.upperStride(m: summary.m)
        return (UnsafeBufferPointer(start: upperLinks + start, count: summary.m), "upper-links", start * 4)
    }

    private mutating func checkWords(_ header: GraphHeader, _ progress: CheckProgress) -> Bool {
        var isSound = true
        for node in 0..<summary.extent where levels[node] > 0 {
            if node & 0x3FFF == 0 { progress("checking links", node, summary.extent) }
            for layer in 0..<Int(levels[node]) {
                let (words, file, offset) = list(node, layer)
                for (index, word) in words.enumerated() {
                    if word == 0 { break }
                    summary.links += 1
                    let neighbour = Int(word) - 1
                    if neighbour < summary.extent, Int(levels[neighbour]) > layer { continue }
                    isSound = false
                    let found = neighbour < summary.extent ? "node \(neighbour), which is not on it" : "node \(neighbour) of \(summary.extent)"
                    findings.add("\(directory)/\(file)", offset + index * 4, expected: "a neighbour on layer \(layer)", found: found)
                }
            }
        }
        return isSound
    }

    /// Live rows that the graph should hold and does not, and those that no path leads to.
    ///
    /// Rows that came after the graph was saved, in slots of others, have no node in it. Of those that it is old enough to know,
    /// no more may be without than there were when it was saved: searches compare these one by one until they have nodes.
    private mutating func checkLive(_ header: GraphHeader, _ livingSince: (UInt32) -> UInt64?, _ progress: CheckProgress) {
        var missing: [UInt32] = []
        let reached = reach()
        for node in 0..<summary.extent {
            if node & 0x3FFF == 0 { progress("checking nodes", node, summary.extent) }
            let born = livingSince(UInt32(node))
            if levels[node] == 0 {
                if let born, born <= summary.sequence { missing.append(UInt32(node)) }
            } else if born == nil {
                summary.deadNodes += 1
            } else if !reached[node] {
                summary.unreachable.append(UInt32(node))
            }
        }
        // Graphs of earlier programs did not count them.
        if let first = missing.first, let waiting = header.waiting.map({ Int(clamping: $0) }), missing.count > waiting {
            findings.add(
                "\(directory)/levels", Int(first), expected: "a node for all but \(waiting) of the live rows below \(summary.extent)",
                found: "\(missing.count) without, first ordinal \(first)")
        }
        if let first = summary.unreachable.first {
            findings.add(
                "\(directory)/links", severity: .warning, expected: "a path from the entry to every live node",
                found: "\(summary.unreachable.count) of \(summary.nodes) unreachable, first ordinal \(first)")
        }
    }

    /// Nodes of the lowest layer to which links lead from the entry, through dead nodes too, or down from a layer above.
    private func reach() -> [Bool] {
        var reached = [Bool](repeating: false, count: summary.extent)
        guard let entry = summary.entry else { return reached }
        var open = [Int(entry)]
        reached[Int(entry)] = true
        while let node = open.popLast() {
            for layer in 0..<Int(levels[node]) {
                for word in list(node, layer).words {
                    if word == 0 { break }
                    if reached[Int(word) - 1] { continue }
                    reached[Int(word) - 1] = true
                    open.append(Int(word) - 1)
                }
            }
        }
        return reached
    }
}

extension Metric {
    /// The metric's number in the header of a saved graph.
    package var savedGraphCode: Int { Int(fileCode) }
}
