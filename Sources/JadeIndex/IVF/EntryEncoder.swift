internal import JadeKernels
internal import JadeQuantization

/// Turns rows whose lists are known into entries; the memory of one thread.
struct EntryEncoder: ~Copyable {
    let model: IVFModel
    private let residual: FloatMatrix
    private let scratch: UnsafeMutablePointer<Float>

    init(_ model: IVFModel) {
        self.model = model
        residual = FloatMatrix(count: 1, dimension: model.dimension)
        var floats = 1
        if case .product(let code) = model.codec { floats = code.scratchCount }
        scratch = .allocate(capacity: floats)
    }

    deinit { scratch.deallocate() }

    /// Writes the code of a row, of length 1 for cosine, in a list.
    func encode(_ row: UnsafePointer<Float>, list: Int, into code: UnsafeMutableRawPointer) {
        switch model.codec {
        case .flat: return
        case .scalar(let quantizer): quantizer.encode(row, scale: 1, into: code)
        case .product(let residualCode):
            subtract(model.centroids.row(list), from: row)
            residualCode.encode(residual.base, centroid: model.centroids.row(list), into: code, scratch: scratch)
        case .binary(let bits, _, let rotation, let rotated):
            subtract(model.centroids.row(list), from: row)
            rotation.apply(residual.base, kernels: model.kernels)
            model.kernels.encode(model.binarySpace(bits, rotatedCentroid: rotated.row(list)), residual.base, into: code)
        }
    }

    private func subtract(_ centroid: UnsafePointer<Float>, from row: UnsafePointer<Float>) {
        for index in 0..<model.dimension { residual.base[index] = row[index] - centroid[index] }
    }
}
