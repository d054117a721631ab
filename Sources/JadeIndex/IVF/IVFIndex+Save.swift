package import JadeCore
package import JadeIO
internal import JadeKernels
internal import JadeQuantization
internal import Synchronization

extension IVFIndex {
    /// Writes the lists into a folder of their own, the header last: a folder with a header is whole. Extents are joined, one a list.
    ///
    /// Insertions and removals must be kept away meanwhile; searches go on.
    package func save(
        to directory: String, sequence: UInt64, files: any FileSystem, isLive: ((UInt32) -> Bool)? = nil
    ) throws(JadeError) {
        let state = state
        let model = state.model
        try files.createDirectory(directory)
        try files.remove("\(directory)/\(IVFHeader.fileName)")
        try Clustering.codebook(of: model.centroids, metric: model.metric)
            .save(to: "\(directory)/\(IVFCodebooks.centroids)", files: files)
        var header = IVFHeader()
        (header.metric, header.dimension, header.nlist) = (model.metric, UInt32(model.dimension), UInt32(model.nlist))
        (header.isTrained, header.trainedError) = (model.isTrained ? 1 : 0, model.trainedError)
        (header.sequence, header.entries) = (sequence, UInt64(count))
        header.extent = UInt64(extent.load(ordering: .acquiring))
        try saveCodec(model, &header, directory, files)
        header.sections = try saveLists(state.table, directory, files)
        try files.replaceFile("\(directory)/\(IVFHeader.fileName)", with: header.encoded())
    }

    private func saveCodec(_ model: IVFModel, _ header: inout IVFHeader, _ directory: String, _ files: any FileSystem) throws(JadeError) {
        let path = "\(directory)/\(IVFCodebooks.codes)"
        switch model.codec {
        case .flat: header.code = .flat
        case .scalar(let quantizer):
            header.code = .scalar
            try quantizer.codebook.save(to: path, files: files)
        case .product(let code):
            header.code = .product
            (header.digits, header.low, header.step) = (UInt32(code.digits), code.low, code.step)
            try code.product.codebook.save(to: path, files: files)
            try Clustering.codebook(of: code.mean, metric: model.metric).save(to: "\(directory)/\(IVFCodebooks.mean)", files: files)
        case .binary(let code, let seed, _, _):
            header.code = .binary
            (header.bits, header.seed) = (UInt32(code.bits), seed)
        }
    }

    private func saveLists(_ table: ListTable, _ directory: String, _ files: any FileSystem) throws(JadeError) -> [IVFHeader.Section] {
        let sections = try IVFHeader.sectionNames.map { (name) throws(JadeError) in try SectionFile("\(directory)/\(name)", files) }
        for list in 0..<table.count {
            let joined = table.joined(list)
            defer { joined.free() }
            let capacity = joined.published == 0 ? 0 : Int(joined.pointee.capacity)
            try sections[0].write(UInt32(joined.published))
            try sections[1].write(joined.pointee.ordinals, capacity * 4)
            try sections[2].write(joined.pointee.codes, table.layout.codeBytes(capacity: capacity))
        }
        return try sections.map { (section) throws(JadeError) in try section.finish() }
    }
}

/// A file of lists on its way, in large pieces, with the checksum of all of it.
private final class SectionFile {
    private let file: any AppendFile
    private var pending = ByteWriter()
    private var section = IVFHeader.Section(length: 0, checksum: 0)

    private static let pieceBytes = 4 << 20

    init(_ path: String, _ files: any FileSystem) throws(JadeError) {
        try files.remove(path)
        file = try files.openAppendFile(path, create: true)
    }

    func write(_ number: UInt32) throws(JadeError) {
        pending.append(number)
        try flush(beyond: Self.pieceBytes)
    }

    func write(_ memory: UnsafeRawPointer, _ count: Int) throws(JadeError) {
        pending.append(contentsOf: UnsafeRawBufferPointer(start: memory, count: count))
        try flush(beyond: Self.pieceBytes)
    }

    func finish() throws(JadeError) -> IVFHeader.Section {
        defer { file.close() }
        try flush(beyond: 0)
        try file.sync()
        return section
    }

    private func flush(beyond limit: Int) throws(JadeError) {
        guard pending.count > limit else { return }
        try file.write(pending.bytes)
        section.checksum = CRC32C.checksum(pending.bytes, after: section.checksum)
        section.length += UInt64(pending.count)
        pending.removeAll()
    }
}
