internal import JadeCore

/// How far a training has come.
package struct TrainingProgress: Sendable, Hashable {
    package enum Stage: String, Sendable, Hashable {
        case seeding, clustering, rotating, encoding
    }

    package let stage: Stage
    /// Steps done, and how many there will be at most: a training that gets no better stops early.
    package let done: Int
    package let total: Int
    /// The mean squared distance of a point from its centroid, once known.
    package let error: Double?

    package init(stage: Stage, done: Int, total: Int, error: Double? = nil) {
        (self.stage, self.done, self.total, self.error) = (stage, done, total, error)
    }
}

/// Who looks on while something is trained, and may stop it.
package struct TrainingWatch: Sendable {
    /// Told after each step; false gives the training up.
    package let mayGoOn: @Sendable (TrainingProgress) -> Bool

    package init(mayGoOn: @escaping @Sendable (TrainingProgress) -> Bool) { self.mayGoOn = mayGoOn }

    /// Nobody.
    package static let none = TrainingWatch { _ in true }

    func report(_ stage: TrainingProgress.Stage, _ done: Int, of total: Int, error: Double? = nil) throws(JadeError) {
        guard mayGoOn(TrainingProgress(stage: stage, done: done, total: total, error: error)) else {
            throw .cancelled("training was given up after step \(done) of \(total) of \(stage.rawValue)")
        }
    }
}
