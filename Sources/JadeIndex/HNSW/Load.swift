package import JadeCore
package import JadeIO
package import JadeKernels

extension HNSWIndex {
    /// Maps a saved graph, copying a page only when it changes.
    ///
    /// - Parameter rowEnd: rows that exist; a graph over more is refused.
    /// - Throws: `corrupted` with file, offset, expected and found; `notFound` if there is no whole graph in the folder.
    ///
    /// Complexity: one pass over the links (checksums and bounds), about 30 ms for a million nodes of `m` 16 in memory.
    package static func load(
        from directory: String, rows: RowSource, rowEnd: Int, settings: IndexSettings, kernels: Kernels, files: any FileSystem
    ) throws(JadeError) -> (index: HNSWIndex, extent: Int, sequence: UInt64) {
        let path = "\(directory)/\(GraphHeader.fileName)"
        guard try files.fileExists(path) else { throw .notFound("no saved index in \(directory)") }
        let header = try GraphHeader(try files.readFile(path, limit: GraphHeader.byteCount), file: path)
        try header.check(rows: rows, rowEnd: rowEnd, settings: settings, file: path)
        let graph = Graph(
            m: settings.m, memory: try mapSections(header, directory, m: settings.m, files), entry: header.entry,
            upperBlocks: Int(header.upperBlocks))
        try graph.checkBounds(extent: Int(header.extent), upperBlocks: Int(header.upperBlocks), directory)
        let saved = try CodeFiles.load(
            settings.nodeQuantization, from: directory, rows: rows, extent: Int(header.extent), kernels: kernels, files)
        let codes = if let saved { saved } else { try NodeCodes(settings.nodeQuantization, rows: rows, kernels: kernels) }
        let traversal = try TraversalCodes(settings, rows: rows, kernels: kernels)
        try traversal?.reserve(rows: Int(header.extent))
        let index = HNSWIndex(
            rows: rows, settings: settings, kernels: kernels, seed: header.seed, graph: graph, codes: codes,
            extent: Int(header.extent), nodes: Int(header.nodes), traversal: traversal)
        if saved == nil { try index.codeAll() }
        return (index, Int(header.extent), header.sequence)
    }

    private static func mapSections(
        _ header: GraphHeader, _ directory: String, m: Int, _ files: any FileSystem
    ) throws(JadeError) -> GraphMemory {
        let nodes = Limits.maximumVectorsPerShard
        let reserves = [nodes * Graph.baseStride(m: m) * 4, nodes, nodes * 4, nodes * Graph.upperStride(m: m) * 4]
        var memories: [ReservedMemory] = []
        for (index, name) in GraphHeader.sectionNames.enumerated() {
            let path = "\(directory)/\(name)"
            let section = header.sections[index]
            let size = try files.fileSize(path) ?? 0
            guard size == Int(section.length) else {
                throw .corrupted(file: path, offset: size, expected: "\(section.length) bytes", found: "\(size)")
            }
            let memory = try ReservedMemory.mappingFile(path: path, length: size, reserve: reserves[index])
            let checksum = CRC32C.checksum(UnsafeRawBufferPointer(start: memory.base, count: size))
            guard checksum == section.checksum else {
                throw .corrupted(file: path, offset: 0, expected: "checksum \(section.checksum)", found: "\(checksum)")
            }
            memories.append(memory)
        }
        return GraphMemory(base: memories[0], levels: memories[1], upperStart: memories[2], upper: memories[3])
    }
}

extension GraphHeader {
    /// Whether the saved graph is one of these rows with these settings.
    fileprivate func check(rows: RowSource, rowEnd: Int, settings: IndexSettings, file: String) throws(JadeError) {
        func require(_ offset: Int, _ what: String, _ found: UInt64, _ expected: UInt64) throws(JadeError) {
            guard found == expected else {
                throw .corrupted(file: file, offset: offset, expected: "\(what) \(expected)", found: "\(found)")
            }
        }
        try require(8, "m", UInt64(m), UInt64(settings.m))
        try require(16, "metric", UInt64(metric), UInt64(rows.metric.fileCode))
        try require(20, "dimension", UInt64(dimension), UInt64(rows.dimension))
        guard extent <= UInt64(rowEnd), nodes <= extent else {
            throw .corrupted(file: file, offset: 40, expected: "at most \(rowEnd) rows", found: "\(extent), nodes \(nodes)")
        }
        let blocks = Int(truncatingIfNeeded: upperBlocks)
        guard blocks >= 0, blocks <= Int(extent) * Graph.maximumLevel + 1 else {
            throw .corrupted(file: file, offset: 64, expected: "upper blocks of \(extent) nodes", found: "\(upperBlocks)")
        }
        let lengths = [
            Int(extent) * Graph.baseStride(m: settings.m) * 4, Int(extent), Int(extent) * 4,
            blocks * Graph.upperStride(m: settings.m) * 4,
        ]
        for (index, length) in lengths.enumerated() {
            try require(72 + index * 16, "section length", sections[index].length, UInt64(length))
        }
    }
}

extension Graph {
    /// Checks that no link, start or level leads outside, so that traversals need not.
    fileprivate func checkBounds(extent: Int, upperBlocks: Int, _ directory: String) throws(JadeError) {
        if let entry {
            guard entry.ordinal < extent, Int(levels[Int(entry.ordinal)]) == entry.level + 1 else {
                throw .corrupted(
                    file: "\(directory)/\(GraphHeader.fileName)", offset: 56, expected: "an entry among \(extent) nodes",
                    found: "node \(entry.ordinal) at level \(entry.level)")
            }
        }
        try checkWords(base, extent * baseStride, extent, "\(directory)/links")
        try checkWords(upper, upperBlocks * upperStride, extent, "\(directory)/upper-links")
        for node in 0..<extent where levels[node] > 1 {
            guard Int(levels[node]) <= Self.maximumLevel + 1, Int(upperStart[node]) + Int(levels[node]) - 1 <= upperBlocks else {
                throw .corrupted(
                    file: "\(directory)/upper-starts", offset: node * 4, expected: "blocks below \(upperBlocks)",
                    found: "\(upperStart[node]) with level \(levels[node])")
            }
        }
        try checkLevels(extent: extent, "\(directory)/links")
    }

    private func checkWords(_ words: UnsafePointer<UInt32>, _ count: Int, _ extent: Int, _ file: String) throws(JadeError) {
        var largest: UInt32 = 0
        for index in 0..<count { largest = max(largest, words[index]) }
        guard largest > extent else { return }
        let index = (0..<count).first { words[$0] > extent } ?? 0
        throw .corrupted(file: file, offset: index * 4, expected: "a node below \(extent)", found: "\(words[index] &- 1)")
    }

    /// Nodes linked on an upper layer must reach that layer: a traversal follows their links there.
    private func checkLevels(extent: Int, _ file: String) throws(JadeError) {
        for node in 0..<extent where levels[node] > 1 {
            for level in 1..<Int(levels[node]) {
                let block = links(UInt32(node), level: level)
                for index in 0..<capacity(level: level) where block[index] != 0 {
                    guard Int(levels[Int(block[index]) - 1]) > level else {
                        throw .corrupted(
                            file: file, offset: node, expected: "neighbours of layer \(level)",
                            found: "node \(block[index] - 1) of level \(levels[Int(block[index]) - 1])")
                    }
                }
            }
        }
    }
}
