package import JadeCore
package import JadeQuantization
internal import Synchronization

/// How well an index's lists still fit its rows.
package struct IVFCondition: Sendable, Hashable {
    package enum Advice: String, Sendable, Hashable {
        /// Nothing has to be done.
        case none
        /// There are rows enough to learn from, and nothing has been learnt.
        case train
        /// Rows that came since training lie much farther from their centroids than those it learnt from.
        case retrainDrifted
        /// A few lists hold much of everything, so that scans are long.
        case retrainImbalanced
        /// Lists are few for so many rows.
        case retrainGrown
    }

    package let rows: Int
    package let nlist: Int
    package let emptyLists: Int
    package let largestList: Int
    /// How much more a scan costs than if all lists were equally long; 1 at best.
    package let imbalance: Double
    /// Mean squared distance of a row from its centroid: of those that training learnt from, and of those that came after, if any did.
    package let trainedError: Double
    package let addedError: Double?
    package let advice: Advice
    /// Trainings that came to nothing when nobody waited.
    package let failedTrainings: Int
}

extension IVFIndex {
    /// Complexity: a look at each list.
    package var condition: IVFCondition {
        let state = state
        let sizes = (0..<state.table.count).map { state.table.size($0) }
        let imbalance = Clustering.imbalance(of: sizes)
        return IVFCondition(
            rows: count, nlist: sizes.count, emptyLists: sizes.count(where: { $0 == 0 }), largestList: sizes.max() ?? 0, imbalance: imbalance,
            trainedError: state.model.trainedError, addedError: addedError, advice: advice(state.model, imbalance),
            failedTrainings: trainingFailures.load(ordering: .relaxed))
    }

    private func advice(_ model: IVFModel, _ imbalance: Double) -> IVFCondition.Advice {
        guard model.isTrained else { return count >= Self.leastRows ? .train : .none }
        if let addedError, addedError > Self.driftedError * model.trainedError { return .retrainDrifted }
        if imbalance > Self.imbalanced { return .retrainImbalanced }
        return lists.lists(rows: count) > 2 * model.nlist ? .retrainGrown : .none
    }

    /// Rows added this many times as far away as those learnt from are others.
    private static let driftedError = 1.5
    private static let imbalanced = 8.0
}
