package import JadeCore
package import JadeIO
package import JadeKernels
internal import JadeQuantization
internal import Synchronization

extension IVFIndex {
    /// Maps saved lists, copying a page only when it changes.
    ///
    /// - Parameter rowEnd: rows that exist; lists of others are refused.
    /// - Throws: `corrupted` with file, offset, expected and found; `notFound` if there is no whole index in the folder.
    ///
    /// Complexity: one pass over the files for their checksums.
    package static func load(
        from directory: String, rows: RowSource, rowEnd: Int, settings: IndexSettings, lists: IVFSettings, kernels: Kernels,
        files: any FileSystem
    ) throws(JadeError) -> (index: IVFIndex, extent: Int, sequence: UInt64) {
        let path = "\(directory)/\(IVFHeader.fileName)"
        guard try files.fileExists(path) else { throw .notFound("no saved index in \(directory)") }
        let header = try IVFHeader(try files.readFile(path, limit: IVFHeader.byteCount), file: path)
        guard header.metric == rows.metric, header.dimension == rows.dimension, header.extent <= UInt64(rowEnd),
            header.entries <= header.extent
        else {
            throw .corrupted(
                file: path, offset: 12, expected: "\(rows.metric) over \(rows.dimension) dimensions and at most \(rowEnd) rows",
                found: "\(header.metric), \(header.dimension) dimensions, \(header.entries) of \(header.extent) rows")
        }
        let saved = SavedLists(directory: directory, header: header, files: files, kernels: kernels)
        let model = try saved.model()
        guard !model.isTrained || model.codec.fits(lists.code) else {
            throw .corrupted(file: path, offset: 8, expected: "codes of \(settings.quantization.rawValue)", found: "\(header.code)")
        }
        let index = try IVFIndex(rows: rows, settings: settings, lists: lists, kernels: kernels)
        try index.reserve(rows: Int(header.extent))
        let places = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * MemoryLayout<UInt32>.stride)
        try places.commit(upTo: Int(header.extent) * MemoryLayout<UInt32>.stride)
        let words = places.base.assumingMemoryBound(to: UInt32.self)
        let table = try saved.table(model) { ordinal, list in
            guard words[Int(ordinal)] == 0 else { return false }
            words[Int(ordinal)] = UInt32(list) + 1
            return true
        }
        index.entries.store(Int(header.entries), ordering: .relaxed)
        index.begin(with: IVFState(model: model, table: table, places: places))
        return (index, Int(header.extent), header.sequence)
    }
}

extension IVFModel.Codec {
    /// Whether entries of these settings may be so: product codes need more rows than some trainings have.
    fileprivate func fits(_ code: IVFSettings.Code) -> Bool {
        switch (self, code) {
        case (.flat, .flat), (.flat, .pq), (.product, .pq): true
        case (.scalar(let quantizer), .sq8): quantizer.bits == .eight
        case (.scalar(let quantizer), .sq4): quantizer.bits == .four
        case (.binary(let bits, _, _, _), .rabitq(let wanted)): bits == wanted
        default: false
        }
    }
}

/// The folder of saved lists.
struct SavedLists {
    let directory: String
    let header: IVFHeader
    let files: any FileSystem
    let kernels: Kernels

    func model() throws(JadeError) -> IVFModel {
        let path = "\(directory)/\(IVFCodebooks.centroids)"
        let centroids = try Clustering.centroids(try Codebook.load(from: path, files: files), file: path)
        guard centroids.count == header.nlist, centroids.count <= Limits.maximumLists, centroids.dimension == header.dimension else {
            throw .corrupted(
                file: path, offset: 16, expected: "\(header.nlist) centroids of \(header.dimension) dimensions",
                found: "\(centroids.count) of \(centroids.dimension)")
        }
        return IVFModel(
            metric: header.metric, centroids: centroids, codec: try codec(centroids), trainedError: header.trainedError,
            isTrained: header.isTrained != 0, kernels: kernels)
    }

    private func codec(_ centroids: FloatMatrix) throws(JadeError) -> IVFModel.Codec {
        let path = "\(directory)/\(IVFCodebooks.codes)"
        switch header.code {
        case .flat: return .flat
        case .binary:
            guard let code = RaBitQCode.allCases.first(where: { $0.bits == Int(header.bits) }) else {
                throw .corrupted(
                    file: "\(directory)/\(IVFHeader.fileName)", offset: 24, expected: "1, 4 or 8 bits", found: "\(header.bits)")
            }
            return .ofResiduals(code, seed: header.seed, centroids: centroids, kernels: kernels)
        case .scalar:
            let quantizer = try ScalarQuantizer(try Codebook.load(from: path, files: files), file: path, kernels: kernels)
            try require(quantizer.metric == header.metric && quantizer.dimension == centroids.dimension, path)
            return .scalar(quantizer)
        case .product:
            let product = try ProductQuantizer(try Codebook.load(from: path, files: files), file: path, kernels: kernels)
            let meanPath = "\(directory)/\(IVFCodebooks.mean)"
            let mean = try Clustering.centroids(try Codebook.load(from: meanPath, files: files), file: meanPath)
            try require(
                product.metric == header.metric && product.dimension == centroids.dimension && product.code == .pq4
                    && mean.dimension == product.dimension && mean.count == 1 && header.digits <= UInt32(Limits.maximumSubspaces)
                    && header.low.isFinite && header.step.isFinite && header.step > 0, path)
            return .product(
                ResidualCode(product: product, mean: mean, low: header.low, step: header.step, digits: Int(header.digits)))
        }
    }

    private func require(_ fits: Bool, _ path: String) throws(JadeError) {
        guard fits else {
            throw .corrupted(file: path, offset: 8, expected: "a codebook for the lists beside it", found: "another")
        }
    }

    /// The lists over their mapped files. `claim` is asked for every row and says false for one that came before.
    func table(_ model: IVFModel, claim: (UInt32, Int) -> Bool) throws(JadeError) -> ListTable {
        let sections = try IVFHeader.sectionNames.indices.map { (number) throws(JadeError) in try map(number) }
        let sizes = sections[0].base.assumingMemoryBound(to: UInt32.self)
        try checkLengths(model, sizes)
        let table = ListTable(count: model.nlist, layout: model.layout, mapped: Array(sections[1...]))
        var (entry, codes) = (0, 0)
        for list in 0..<model.nlist where sizes[list] > 0 {
            let size = Int(sizes[list])
            let capacity = EntryLayout.capacity(entries: size)
            let ordinals = sections[1].base.assumingMemoryBound(to: UInt32.self) + entry
            for index in 0..<size where UInt64(ordinals[index]) >= header.extent || !claim(ordinals[index], list) {
                throw .corrupted(
                    file: "\(directory)/ordinals", offset: (entry + index) * 4, expected: "a row below \(header.extent), once",
                    found: "\(ordinals[index])")
            }
            table.adopt(
                ListExtent.over(ordinals: ordinals, codes: sections[2].base + codes, count: size, capacity: capacity), list: list)
            entry += capacity
            codes += model.layout.codeBytes(capacity: capacity)
        }
        return table
    }

    private func checkLengths(_ model: IVFModel, _ sizes: UnsafePointer<UInt32>) throws(JadeError) {
        var (entries, room, codes) = (0, 0, 0)
        if header.sections[0].length == UInt64(model.nlist * 4) {
            for list in 0..<model.nlist where sizes[list] > 0 && entries <= Int(header.entries) {
                let capacity = EntryLayout.capacity(entries: Int(sizes[list]))
                entries += Int(sizes[list])
                guard entries <= Int(header.entries) else { break }
                room += capacity
                codes += model.layout.codeBytes(capacity: capacity)
            }
        }
        let lengths = [model.nlist * 4, room * 4, codes]
        for (number, length) in lengths.enumerated() where header.sections[number].length != UInt64(length) {
            throw .corrupted(
                file: "\(directory)/\(IVFHeader.sectionNames[number])", offset: 0, expected: "\(length) bytes",
                found: "\(header.sections[number].length)")
        }
        guard entries == header.entries else {
            throw .corrupted(file: "\(directory)/sizes", offset: 0, expected: "\(header.entries) rows", found: "\(entries)")
        }
    }

    private func map(_ number: Int) throws(JadeError) -> ReservedMemory {
        let (path, section) = ("\(directory)/\(IVFHeader.sectionNames[number])", header.sections[number])
        let size = try files.fileSize(path) ?? 0
        guard UInt64(size) == section.length else {
            throw .corrupted(file: path, offset: size, expected: "\(section.length) bytes", found: "\(size)")
        }
        guard size > 0 else { return try ReservedMemory(reserve: 1) }
        let memory = try ReservedMemory.mappingFile(path: path, length: size, reserve: size)
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(start: memory.base, count: size))
        guard checksum == section.checksum else {
            throw .corrupted(file: path, offset: 0, expected: "checksum \(section.checksum)", found: "\(checksum)")
        }
        return memory
    }
}
