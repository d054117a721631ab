package import JadeCore
internal import JadeIO
package import JadeKernels
package import JadeQuantization

extension IVFModel {
    /// Learns from a sample of the rows that `ordinals` names.
    ///
    /// - Throws: `invalidArgument` for settings that do not fit, `cancelled` when `watch` gives up.
    package static func train(
        _ rows: RowSource, ordinals: [UInt32], settings: IVFSettings, kernels: Kernels, workers: BuildWorkers,
        watch: TrainingWatch = .none
    ) throws(JadeError) -> IVFModel {
        try settings.validate()
        return try train(
            sample(rows, ordinals: ordinals, settings: settings), rows: ordinals.count, metric: rows.metric, settings: settings,
            kernels: kernels, workers: workers, watch: watch)
    }

    /// Learns from a ``sample(_:ordinals:settings:)`` of `rows` rows.
    ///
    /// Complexity: that of a k-means over at most 256 rows a list.
    static func train(
        _ sample: FloatMatrix, rows: Int, metric: Metric, settings: IVFSettings, kernels: Kernels, workers: BuildWorkers,
        watch: TrainingWatch
    ) throws(JadeError) -> IVFModel {
        var clustering = KMeans(clusters: settings.lists(rows: rows))
        (clustering.seed, clustering.largestShare) = (settings.seed, settings.largestShare)
        clustering.iterations = 12
        let random = SeededRandomSource(seed: settings.seed)
        let found = try clustering.train(sample, kernels: kernels, workers: workers, watch: watch)
        let trainer = CodecTraining(
            sample: sample.count > leastSample ? sample.gathering(random.sample(leastSample, below: sample.count)) : sample,
            centroids: found.centroids, metric: metric, settings: settings, kernels: kernels, workers: workers)
        return IVFModel(
            metric: metric, centroids: found.centroids, codec: try trainer.codec(watch), trainedError: found.error,
            isTrained: true, kernels: kernels)
    }

    /// Rows that codes are learnt from.
    private static let leastSample = 16_384

    /// The rows that a training learns from, of those named.
    static func sample(_ rows: RowSource, ordinals: [UInt32], settings: IVFSettings) -> FloatMatrix {
        let random = SeededRandomSource(seed: settings.seed)
        let wanted = sampleCount(rows: ordinals.count, settings: settings)
        return copy(rows, random.sample(wanted, below: ordinals.count).map { ordinals[$0] })
    }

    static func sampleCount(rows: Int, settings: IVFSettings) -> Int {
        let lists = settings.lists(rows: rows)
        return min(rows, max(lists * KMeans(clusters: lists).pointsPerCluster, leastSample))
    }

    /// Rows by ordinal, those of a cosine index brought to length 1.
    static func copy(_ rows: RowSource, _ ordinals: [UInt32]) -> FloatMatrix {
        let points = FloatMatrix(count: ordinals.count, dimension: rows.dimension)
        for (index, ordinal) in ordinals.enumerated() {
            let (row, scale) = (rows.row(ordinal), rows.scales?[Int(ordinal)] ?? 1)
            let point = points.row(index)
            for component in 0..<rows.dimension { point[component] = row[component] * scale }
        }
        return points
    }
}

/// The second half of a training: codes for rows whose lists are known.
private struct CodecTraining {
    let sample: FloatMatrix
    let centroids: FloatMatrix
    let metric: Metric
    let settings: IVFSettings
    let kernels: Kernels
    let workers: BuildWorkers

    func codec(_ watch: TrainingWatch) throws(JadeError) -> IVFModel.Codec {
        switch settings.code {
        case .flat: return .flat
        case .sq8: return .scalar(ScalarQuantizer.train(sample, bits: .eight, metric: metric, kernels: kernels))
        case .sq4: return .scalar(ScalarQuantizer.train(sample, bits: .four, metric: metric, kernels: kernels))
        case .rabitq(let code):
            return .ofResiduals(code, seed: settings.seed, centroids: centroids, kernels: kernels)
        case .pq(let subspaces):
            let (residuals, labels) = residualsOfSample()
            guard residuals.count >= PQCode.pq4.centroids else { return .flat }
            var training = ProductTraining(.pq4, subspaces: settings.subspaces(subspaces, dimension: sample.dimension))
            training.seed = settings.seed
            training.pointsPerCentroid = 512
            let product = try training.train(residuals, metric: metric, kernels: kernels, workers: workers, watch: watch)
            let mean = metric == .dot ? FloatMatrix(count: 1, dimension: sample.dimension) : sample.mean
            return .product(
                ResidualCode.choose(product, mean: mean, residuals: residuals, labels: labels, centroids: centroids))
        }
    }

    private func residualsOfSample() -> (FloatMatrix, [UInt32]) {
        let labels = LabelledRows(sample, centroids: centroids, kernels: kernels, workers: workers)
        let residuals = FloatMatrix(count: sample.count, dimension: sample.dimension)
        for index in 0..<sample.count {
            let centroid = centroids.row(Int(labels.lists[index]))
            for component in 0..<sample.dimension { residuals.row(index)[component] = sample.row(index)[component] - centroid[component] }
        }
        return (residuals, Array(UnsafeBufferPointer(start: labels.lists, count: sample.count)))
    }
}

/// The lists of rows, found by several threads.
///
/// `@unchecked`: each thread writes its own rows, and nobody reads before all are done.
final class LabelledRows: @unchecked Sendable {
    let lists: UnsafeMutablePointer<UInt32>
    let distances: UnsafeMutablePointer<Float>

    init(_ rows: FloatMatrix, centroids: FloatMatrix, kernels: Kernels, workers: BuildWorkers) {
        lists = .allocate(capacity: max(rows.count, 1))
        distances = .allocate(capacity: max(rows.count, 1))
        let nearest = NearestCentroid(centroids, kernels: kernels)
        workers.forEachBlock(of: NearestCentroid.blockSize(dimension: rows.dimension), in: rows.count) { [self] _, range in
            nearest.assign(
                rows.row(range.lowerBound), strideBytes: rows.strideBytes, count: range.count, centroids: lists + range.lowerBound,
                distances: distances + range.lowerBound)
        }
    }

    deinit {
        lists.deallocate()
        distances.deallocate()
    }
}
