package import JadeCore
package import JadeIO
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Writes the graph into a folder of its own, the header last: a folder with a header is whole.
    ///
    /// Insertions must be kept away meanwhile; searches go on.
    ///
    /// - Parameter isLive: whether a row lives at this sequence number: rows that do and have no node yet are counted, so that a check
    ///   of the files can tell them from nodes that are gone.
    package func save(
        to directory: String, sequence: UInt64, files: any FileSystem, isLive: ((UInt32) -> Bool)? = nil
    ) throws(JadeError) {
        let extent = extent.load(ordering: .acquiring)
        try files.createDirectory(directory)
        try files.remove("\(directory)/\(GraphHeader.fileName)")
        let ranges: [(base: UnsafeRawPointer, length: Int)] = [
            (UnsafeRawPointer(graph.base), extent * graph.baseStride * 4),
            (UnsafeRawPointer(graph.levels), extent),
            (UnsafeRawPointer(graph.upperStart), extent * 4),
            (UnsafeRawPointer(graph.upper), graph.upperBlockCount * graph.upperStride * 4),
        ]
        var sections: [GraphHeader.Section] = []
        for (name, range) in zip(GraphHeader.sectionNames, ranges) {
            let bytes = UnsafeRawBufferPointer(start: range.base, count: range.length)
            try Self.write(bytes, to: "\(directory)/\(name)", files)
            sections.append(GraphHeader.Section(length: UInt64(range.length), checksum: CRC32C.checksum(bytes)))
        }
        if let codes { try CodeFiles.save(codes, extent: extent, to: directory, files) }
        let header = GraphHeader(
            m: UInt32(settings.m), efConstruction: UInt32(settings.efConstruction), metric: rows.metric.fileCode,
            dimension: UInt32(rows.dimension), seed: seed, sequence: sequence, extent: UInt64(extent), nodes: UInt64(count),
            entry: graph.entryValue, upperBlocks: UInt64(graph.upperBlockCount), sections: sections,
            waiting: isLive.map { isLive in UInt64((0..<UInt32(extent)).count { !graph.contains($0) && isLive($0) }) })
        try files.replaceFile("\(directory)/\(GraphHeader.fileName)", with: header.encoded())
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to path: String, _ files: any FileSystem) throws(JadeError) {
        try files.remove(path)
        let file = try files.openAppendFile(path, create: true)
        defer { file.close() }
        try file.write(bytes)
        try file.sync()
    }
}
