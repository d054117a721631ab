package import JadeCore
package import JadeKernels
package import JadeQuantization

/// What training has learnt: where the lists lie and how rows become entries.
///
/// `@unchecked Sendable`: written before `init` returns and only read after.
package final class IVFModel: @unchecked Sendable {
    package let metric: Metric
    package let dimension: Int
    package let centroids: FloatMatrix
    /// Mean squared distance of a training row from its centroid; rows of length 1 for cosine.
    package let trainedError: Double
    /// Whether anything was learnt: an index begins with one list and no codes.
    package let isTrained: Bool
    let codec: Codec
    let nearest: NearestCentroid
    /// Centroids once more, as 8-bit codes: with those a query ranks the lists in a quarter of the memory traffic.
    let ranking: Quantizer
    let rankingCodes: UnsafeMutableRawPointer
    let kernels: Kernels

    enum Codec: Sendable {
        case flat
        case scalar(ScalarQuantizer)
        case product(ResidualCode)
        /// With the centroids rotated, so that a query is rotated once.
        case binary(RaBitQCode, seed: UInt64, Rotation, rotated: FloatMatrix)

        /// Residual codes of a seeded rotation.
        static func ofResiduals(_ code: RaBitQCode, seed: UInt64, centroids: FloatMatrix, kernels: Kernels) -> Codec {
            guard let rotation = Rotation.seeded(max(seed, 1), dimension: centroids.dimension) else {
                preconditionFailure("only seed 0 stands for no rotation")
            }
            let rotated = FloatMatrix(count: centroids.count, dimension: centroids.dimension)
            for list in 0..<centroids.count {
                rotated.row(list).update(from: centroids.row(list), count: centroids.dimension)
                rotation.apply(rotated.row(list), kernels: kernels)
            }
            return .binary(code, seed: seed, rotation, rotated: rotated)
        }
    }

    /// What a scan has to know of the codec, without references to be counted.
    enum Form: Sendable {
        case flat
        case scalar(bytes: Int)
        case product(subspaces: Int, offset: Float)
        case binary(bytes: Int)
    }

    let form: Form

    init(
        metric: Metric, centroids: FloatMatrix, codec: Codec, trainedError: Double, isTrained: Bool, kernels: Kernels
    ) {
        (self.metric, self.centroids, self.codec, self.kernels) = (metric, centroids, codec, kernels)
        (self.trainedError, self.isTrained, dimension) = (trainedError, isTrained, centroids.dimension)
        nearest = NearestCentroid(centroids, kernels: kernels)
        form =
            switch codec {
            case .flat: .flat
            case .scalar(let quantizer): .scalar(bytes: quantizer.codeBytes)
            case .product(let code): .product(subspaces: code.subspaces, offset: code.offset)
            case .binary(let code, _, _, _): .binary(bytes: code.byteCount(dimension: centroids.dimension))
            }
        let quantizer = BinaryQuantizer.train(centroids, code: .rabitq8, metric: metric, kernels: kernels)
        ranking = .binary(quantizer)
        rankingCodes = .allocate(byteCount: centroids.count * quantizer.codeBytes, alignment: 64)
        for list in 0..<centroids.count {
            quantizer.encode(centroids.row(list), scale: 1, into: rankingCodes + list * quantizer.codeBytes)
        }
    }

    deinit { rankingCodes.deallocate() }

    /// One list without codes, for an index that holds too little to learn from.
    static func untrained(_ rows: RowSource, kernels: Kernels) -> IVFModel {
        IVFModel(
            metric: rows.metric, centroids: FloatMatrix(count: 1, dimension: rows.dimension), codec: .flat, trainedError: 0,
            isTrained: false, kernels: kernels)
    }

    package var nlist: Int { centroids.count }

    var layout: EntryLayout {
        switch form {
        case .flat: .rows(bytes: 0)
        case .scalar(let bytes), .binary(let bytes): .rows(bytes: bytes)
        case .product(let subspaces, _): .blocks(subspaces: subspaces)
        }
    }

    /// Bytes of the model in memory.
    var memoryBytes: Int { centroids.byteCount + centroids.count * ranking.codeBytes }

    func binarySpace(_ code: RaBitQCode, rotatedCentroid: UnsafePointer<Float>) -> RaBitQSpace {
        RaBitQSpace(code, metric == .dot ? .ndot : .l2sq, dimension: dimension, center: metric == .dot ? rotatedCentroid : nil)
    }
}
