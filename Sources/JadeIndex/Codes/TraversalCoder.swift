internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeQuantization

/// How a row becomes what searches read: reduced where the settings say so, then coded, or kept as reduced numbers of f32.
struct TraversalCoder: Sendable {
    private let metric: Metric
    private let reduction: Reduction?
    /// nil keeps the numbers.
    private let quantizer: Quantizer?
    private let kernel: TypedDistanceKernel

    private init(metric: Metric, reduction: Reduction?, quantizer: Quantizer?, kernels: Kernels) {
        (self.metric, self.reduction, self.quantizer) = (metric, reduction, quantizer)
        guard let kernel = kernels.distance(metric == .dot ? .ndot : .l2sq, of: .f32) else {
            preconditionFailure("f32 has kernels for l2sq and ndot at every level")
        }
        self.kernel = kernel
    }

    /// Learns from points, which for cosine have length 1.
    static func train(
        _ points: FloatMatrix, _ settings: IndexSettings, metric: Metric, kernels: Kernels, workers: BuildWorkers
    ) throws(JadeError) -> TraversalCoder {
        let walked = settings.walkedDimension(of: points.dimension)
        let reduction: Reduction? =
            switch settings.reduction {
            case .none: nil
            case .pca: .principal(points, to: walked, metric: metric, kernels: kernels, workers: workers)
            case .truncate: .truncation(to: walked, of: points.dimension, metric: metric, kernels: kernels)
            }
        let shadows = reduction?.applied(to: points, workers: workers) ?? points
        let quantizer = try quantizer(shadows, settings, metric: metric, kernels: kernels, workers: workers)
        return TraversalCoder(metric: metric, reduction: reduction, quantizer: quantizer, kernels: kernels)
    }

    private static func quantizer(
        _ points: FloatMatrix, _ settings: IndexSettings, metric: Metric, kernels: Kernels, workers: BuildWorkers
    ) throws(JadeError) -> Quantizer? {
        func binary(_ code: RaBitQCode) -> Quantizer { .binary(.train(points, code: code, metric: metric, kernels: kernels)) }
        func scalar(_ bits: ScalarQuantizer.Bits) -> Quantizer { .scalar(.train(points, bits: bits, metric: metric, kernels: kernels)) }
        switch settings.quantization {
        case .none: return nil
        case .sq8: return scalar(.eight)
        case .sq4: return scalar(.four)
        case .rabitq: return binary(.rabitq1)
        case .rabitq4: return binary(.rabitq4)
        case .rabitq8: return binary(.rabitq8)
        case .pq:
            let training = ProductTraining(.pq4, subspaces: subspaces(settings, points.dimension))
            return .product(try training.train(points, metric: metric, kernels: kernels, workers: workers))
        }
    }

    private static func subspaces(_ settings: IndexSettings, _ dimension: Int) -> Int {
        IVFSettings(settings).subspaces(settings.pqSubspaces, dimension: dimension)
    }

    /// Bytes from one row of codes to the next.
    static func stride(_ settings: IndexSettings, dimension: Int) -> Int {
        let walked = settings.walkedDimension(of: dimension)
        let bytes =
            switch settings.quantization {
            case .none: VectorType.f32.byteCount(dimension: walked)
            case .sq8: VectorType.sq8.byteCount(dimension: walked)
            case .sq4: VectorType.sq4.byteCount(dimension: walked)
            case .pq: PQCode.pq4.byteCount(subspaces: subspaces(settings, walked))
            case .rabitq: RaBitQCode.rabitq1.byteCount(dimension: walked)
            case .rabitq4: RaBitQCode.rabitq4.byteCount(dimension: walked)
            case .rabitq8: RaBitQCode.rabitq8.byteCount(dimension: walked)
            }
        return bytes.roundedUp(to: 16)
    }

    /// Writes what searches read of a row.
    ///
    /// - Parameter scale: for cosine what brings the row to length 1; else 1.
    func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        guard let reduction else {
            quantizer?.encode(row, scale: scale, into: code)
            return
        }
        guard let quantizer else { return reduction.apply(row, into: code.assumingMemoryBound(to: Float.self)) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: reduction.reduced) { shadow in
            guard let shadow = shadow.baseAddress else { return }
            reduction.apply(row, into: shadow)
            quantizer.encode(shadow, scale: 1, into: code)
        }
    }

    /// Brings a query into the form that the codes are compared with; `scratch` has room for its components.
    func prepare(_ query: UnsafePointer<Float>, scale: Float, _ prepared: PreparedQuery, _ scratch: UnsafeMutablePointer<Float>) {
        guard let reduction else {
            if let quantizer { prepared.prepare(query, scale: scale, for: quantizer) }
            return
        }
        reduction.apply(query, into: scratch)
        if let quantizer {
            prepared.prepare(scratch, scale: 1, for: quantizer)
        } else {
            prepared.prepare(scratch, dimension: reduction.reduced, metric: metric, for: kernel)
        }
    }
}

extension IndexSettings {
    /// Whether a graph is built by the rows, and searched by codes of them or by fewer dimensions.
    var isForTraversal: Bool {
        kind == .hnsw && (reduction != .none || quantization == .pq || quantization.isBinary)
    }

    /// The codes that a graph is built by.
    var nodeQuantization: Quantization { reduction == .none ? quantization : .none }
}

extension IndexSettings.Quantization {
    fileprivate var isBinary: Bool { self == .rabitq || self == .rabitq4 || self == .rabitq8 }
}
