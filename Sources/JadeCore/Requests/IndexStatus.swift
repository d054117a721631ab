/// How far the index is: searches are complete all the same, the tail is scanned exactly.
public struct IndexStatus: Sendable, Hashable {
    public var settings: IndexSettings
    /// Vectors in the index, tombstones included.
    public var indexed: Int
    /// Vectors that wait for the builders.
    public var pending: Int
    /// Deleted vectors that the index still holds.
    public var tombstones: Int
    /// Bytes of links and codes in memory, without the vectors themselves.
    public var memoryBytes: Int
    /// Of an index that learns from its vectors how to hold them; nil for one that does not.
    public var training: TrainingStatus?

    public init(
        settings: IndexSettings, indexed: Int = 0, pending: Int = 0, tombstones: Int = 0, memoryBytes: Int = 0,
        training: TrainingStatus? = nil
    ) {
        self.settings = settings
        self.indexed = indexed
        self.pending = pending
        self.tombstones = tombstones
        self.memoryBytes = memoryBytes
        self.training = training
    }
}

/// What an IVF index has learnt, whether that still fits its vectors, and how far it is with learning anew.
public struct TrainingStatus: Sendable, Hashable {
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Too few vectors to learn from: every search is exact.
        case untrained
        /// Learning for the first time: searches are exact meanwhile.
        case training
        case trained
        /// Learning anew: searches use what was learnt before meanwhile.
        case retraining
    }

    /// What should be done, and will be by itself.
    public enum Advice: String, Sendable, Hashable, CaseIterable {
        case none
        /// There are vectors enough to learn from, and nothing has been learnt.
        case train
        /// Vectors that came since training lie much farther from their centroids than those it learnt from.
        case retrainDrifted = "retrain_drifted"
        /// A few lists hold much of everything, so that scans are long.
        case retrainImbalanced = "retrain_imbalanced"
        /// Lists are few for so many vectors.
        case retrainGrown = "retrain_grown"
    }

    /// Of a training under way.
    public struct Progress: Sendable, Hashable {
        /// What is being done: seeding, clustering, rotating or encoding.
        public var stage: String
        /// Steps of the stage that are done, and how many there will be at most.
        public var done: Int
        public var total: Int

        public init(stage: String, done: Int, total: Int) { (self.stage, self.done, self.total) = (stage, done, total) }
    }

    public var state: State
    public var nlist: Int
    public var emptyLists: Int
    public var largestList: Int
    /// How much more a scan costs than if all lists were equally long; 1 at best.
    public var imbalance: Double
    /// Mean squared distance of a vector from its centroid: of those that training learnt from, and of those that came after, if any
    /// did.
    public var trainedError: Double
    public var addedError: Double?
    public var advice: Advice
    /// Since the database was opened: trainings done, and those that came to nothing.
    public var trainings: Int
    public var failedTrainings: Int
    public var progress: Progress?

    public init(
        state: State, nlist: Int = 1, emptyLists: Int = 0, largestList: Int = 0, imbalance: Double = 1, trainedError: Double = 0,
        addedError: Double? = nil, advice: Advice = .none, trainings: Int = 0, failedTrainings: Int = 0, progress: Progress? = nil
    ) {
        (self.state, self.nlist, self.emptyLists, self.largestList) = (state, nlist, emptyLists, largestList)
        (self.imbalance, self.trainedError, self.addedError) = (imbalance, trainedError, addedError)
        (self.advice, self.trainings, self.failedTrainings, self.progress) = (advice, trainings, failedTrainings, progress)
    }
}
