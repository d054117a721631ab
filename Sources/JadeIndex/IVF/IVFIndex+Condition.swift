package import JadeCore
internal import JadeQuantization
internal import Synchronization

extension IVFIndex {
    /// How well the lists still fit the rows.
    ///
    /// Complexity: a look at each list.
    package var condition: TrainingStatus {
        let state = state
        let sizes = (0..<state.table.count).map { state.table.size($0) }
        let imbalance = Clustering.imbalance(of: sizes)
        let progress = trainingProgress
        let stage: TrainingStatus.State =
            if progress != nil { state.model.isTrained ? .retraining : .training } else { state.model.isTrained ? .trained : .untrained }
        return TrainingStatus(
            state: stage, nlist: sizes.count, emptyLists: sizes.count(where: { $0 == 0 }), largestList: sizes.max() ?? 0,
            imbalance: imbalance, trainedError: state.model.trainedError, addedError: added.error,
            advice: advice(state.model, imbalance), trainings: trainings.load(ordering: .relaxed),
            failedTrainings: trainingFailures.load(ordering: .relaxed),
            progress: progress.map { TrainingStatus.Progress(stage: $0.stage.rawValue, done: $0.done, total: $0.total) })
    }

    package var trainingStatus: TrainingStatus? { condition }
    package var listCount: Int { state.model.nlist }

    private func advice(_ model: IVFModel, _ imbalance: Double) -> TrainingStatus.Advice {
        guard model.isTrained else { return count >= Self.leastRows ? .train : .none }
        // An index that has become nearly empty has nothing to learn from.
        guard count >= Self.leastRows else { return .none }
        let added = added
        if added.count >= max(Self.leastRows, count / Self.driftedPart), added.error ?? 0 > Self.driftedError * model.trainedError {
            return .retrainDrifted
        }
        if imbalance > max(Self.imbalanced, Self.worsened * added.firstImbalance) { return .retrainImbalanced }
        let wanted = lists.lists(rows: count)
        return wanted > 2 * model.nlist || (wanted == lists.nlist && model.nlist < wanted) ? .retrainGrown : .none
    }

    /// Rows added this many times as far away as those learnt from are others, once they are this part of all.
    private static let driftedError = 1.5
    private static let driftedPart = 8
    /// Lists as uneven as that, and so much more than just after training: what training itself could not even out, another would not.
    private static let imbalanced = 8.0
    private static let worsened = 2.0
}
