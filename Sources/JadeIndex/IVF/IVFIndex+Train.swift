package import JadeCore
package import JadeKernels
package import JadeQuantization
internal import Synchronization

extension IVFIndex {
    /// Bytes of the sample that a training learns from, twice for what k-means copies of it, and of the new lists.
    package var trainingBytes: Int? {
        guard condition.advice != .none else { return nil }
        let dimension = rows.dimension
        let sampled = IVFModel.sampleCount(rows: count, settings: lists)
        return 2 * sampled * dimension * 4 + count * (lists.codeBytes(dimension: dimension) + 2 * MemoryLayout<UInt32>.stride)
    }

    package func training() -> (any IndexTraining)? { training(watch: .none) }

    private func training(watch: TrainingWatch) -> IVFTraining? {
        let held = (0..<UInt32(extent.load(ordering: .acquiring))).filter { state.place($0).loadRelaxed() != 0 }
        return held.count >= Self.leastRows ? IVFTraining(self, held, watch) : nil
    }

    /// Learns from the rows that the index holds, sorts them into new lists beside the old ones, and takes those from then on.
    ///
    /// Does nothing with fewer rows than are worth lists. Searches go on meanwhile, with the old lists.
    ///
    /// - Throws: `cancelled` when `watch` gives up; then the index stays as it was.
    package func train(workers: BuildWorkers, watch: TrainingWatch = .none) throws(JadeError) {
        guard let training = training(watch: watch) else { return }
        try training.learn(workers: workers)
        while !(try training.advance(workers: workers)) {}
    }

    /// Learns when ``condition`` advises it; a training that fails leaves the index as it was.
    package func trainIfAdvised(workers: BuildWorkers) {
        guard condition.advice != .none else { return }
        // It is counted; whoever waits has nothing else to do about it.
        try? train(workers: workers)
    }
}

/// A training from the sample to the new lists. The index's old lists serve until the new ones hold every row; what is built or
/// removed meanwhile goes to both.
///
/// `@unchecked Sendable`: `learn` is called once, and `advance` after it by one thread at a time; what they share with others is
/// behind the index's locks or atomic.
final class IVFTraining: IndexTraining, @unchecked Sendable {
    private let index: IVFIndex
    /// Copied, so that learning reads no row that goes meanwhile.
    private var sample: FloatMatrix?
    private let rowCount: Int
    private let watch: TrainingWatch
    private let isGivenUp = Atomic(false)
    private var learnt: IVFState?
    /// Rows below it are in the new lists.
    private var next = 0

    /// Rows that one step takes over.
    private static let rowsPerStep = 8192

    init(_ index: IVFIndex, _ held: [UInt32], _ watch: TrainingWatch) {
        (self.index, self.watch, rowCount) = (index, watch, held.count)
        sample = IVFModel.sample(index.rows, ordinals: held, settings: index.lists)
        index.setProgress(TrainingProgress(stage: .seeding, done: 0, total: 1))
    }

    func giveUp() { isGivenUp.store(true, ordering: .releasing) }

    func learn(workers: BuildWorkers) throws(JadeError) {
        let looking = TrainingWatch { [weak self] progress in self?.mayGoOn(progress) ?? false }
        do throws(JadeError) {
            guard let sample else { throw .internal("a training learns once") }
            self.sample = nil
            let model = try IVFModel.train(
                sample, rows: rowCount, metric: index.rows.metric, settings: index.lists, kernels: index.kernels, workers: workers,
                watch: looking)
            let state = try IVFState(model: model)
            try state.reserve(rows: index.extent.load(ordering: .acquiring))
            learnt = state
        } catch { throw failed(error) }
    }

    func advance(workers: BuildWorkers) throws(JadeError) -> Bool {
        if let learnt {
            // The extent may have grown since.
            try learnt.reserve(rows: index.extent.load(ordering: .acquiring))
            index.setIncoming(learnt)
            self.learnt = nil
        }
        guard let state = index.incomingState else { throw failed(.internal("nothing was learnt")) }
        let extent = index.extent.load(ordering: .acquiring)
        let end = min(next + Self.rowsPerStep, extent)
        let old = index.state
        let ordinals = (UInt32(next)..<UInt32(end)).filter { old.place($0).loadRelaxed() != 0 && state.place($0).loadRelaxed() == 0 }
        workers.forEachBlock(of: IVFIndex.blockOfRows, in: ordinals.count) { [index] _, part in
            state.insert(Array(ordinals[part]), IVFModel.copy(index.rows, Array(ordinals[part]))) { _ in }
        }
        next = end
        guard mayGoOn(TrainingProgress(stage: .encoding, done: end, total: extent)) else {
            throw failed(.cancelled("training was given up while \(end) of \(extent) rows were encoded"))
        }
        guard end == extent else { return false }
        index.setIncoming(nil)
        index.begin(with: state)
        index.setProgress(nil)
        index.trainings.wrappingAdd(1, ordering: .relaxed)
        index.changed.wrappingAdd(index.count, ordering: .relaxed)
        return true
    }

    private func mayGoOn(_ progress: TrainingProgress) -> Bool {
        index.setProgress(progress)
        return !isGivenUp.load(ordering: .acquiring) && watch.mayGoOn(progress)
    }

    private func failed(_ error: JadeError) -> JadeError {
        index.setIncoming(nil)
        index.setProgress(nil)
        if error.code != .cancelled { index.trainingFailures.wrappingAdd(1, ordering: .relaxed) }
        return error
    }
}
