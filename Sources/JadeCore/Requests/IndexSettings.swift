/// Which index a database keeps over its vectors, and how it is built.
public struct IndexSettings: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No structure: every search is exact.
        case flat
        /// Hierarchical navigable small world graph.
        case hnsw
        /// Inverted lists, each around a centroid: small, and quick to build.
        case ivf
    }

    /// What a search of an index reads instead of the vectors themselves.
    public enum Quantization: String, Sendable, Hashable, CaseIterable {
        /// The vectors.
        case none
        /// Codes of 8 bits a component.
        case sq8
        /// Codes of 4 bits a component.
        case sq4
        /// Codes of 4 bits for each of some pieces of the vector.
        case pq
        /// Codes of 1 bit a component that know how far they err.
        case rabitq
        /// The same with 4 bits.
        case rabitq4
        /// The same with 8 bits.
        case rabitq8

        /// How many times the wanted results a search compares with the vectors where nothing else is said: the coarser the
        /// codes, the more.
        public var usualOversampling: Double {
            switch self {
            case .none, .sq8, .sq4, .rabitq4, .rabitq8: 2
            case .rabitq: 4
            case .pq: 8
            }
        }
    }

    /// What vectors are brought to before a search of a graph reads them, or codes of them; the best are compared whole.
    public enum Reduction: String, Sendable, Hashable, CaseIterable {
        /// All of their components.
        case none
        /// The directions in which a sample of the vectors differs most (principal component analysis).
        case pca
        /// Their first components, for models that put most into those (Matryoshka).
        case truncate

        /// How many times the wanted results a search compares at least where nothing else is said.
        public var usualOversampling: Double { self == .none ? 1 : 3 }
    }

    public var kind: Kind
    /// Links of a node on each upper layer, `M`; the lowest layer has `2 * m`.
    public var m: Int
    /// Candidates kept while a node is inserted, `ef_construction`.
    public var efConstruction: Int
    /// Candidates kept by a search that does not say, `ef_search`.
    public var efSearch: Int
    /// Lists of an IVF index; 0 takes twice the square root of the number of vectors, at each training.
    public var nlist: Int
    /// Lists looked through by a search that does not say.
    public var nprobe: Int

    public var quantization: Quantization
    /// Pieces of a product code; 0 takes one for every second component, for every fourth beyond 256 dimensions.
    public var pqSubspaces: Int
    /// Of a graph: fewer dimensions for searches to walk by.
    public var reduction: Reduction
    /// How many; 0 takes half of the vectors'.
    public var reducedDimension: Int
    /// Whether what was found by codes is compared once more with the vectors themselves, which gives exact scores.
    public var rescore: Bool
    /// How many times the wanted results are compared so.
    public var oversampling: Double

    /// - Parameter oversampling: nil takes what is usual for the codes.
    public init(
        kind: Kind = .hnsw, m: Int = 16, efConstruction: Int = 200, efSearch: Int = 64, quantization: Quantization = .none,
        reduction: Reduction = .none, reducedDimension: Int = 0, rescore: Bool = true, oversampling: Double? = nil
    ) {
        self.kind = kind
        self.m = m
        self.efConstruction = efConstruction
        self.efSearch = efSearch
        self.quantization = quantization
        self.rescore = rescore
        self.reduction = reduction
        self.oversampling = oversampling ?? max(quantization.usualOversampling, reduction.usualOversampling)
        self.reducedDimension = reducedDimension
        (nlist, nprobe, pqSubspaces) = (0, 16, 0)
    }

    /// Inverted lists.
    public init(
        nlist: Int, nprobe: Int = 16, quantization: Quantization = .none, pqSubspaces: Int = 0, rescore: Bool = true,
        oversampling: Double? = nil
    ) {
        self.init(kind: .ivf, quantization: quantization, rescore: rescore, oversampling: oversampling)
        (self.nlist, self.nprobe, self.pqSubspaces) = (nlist, nprobe, pqSubspaces)
    }

    public func validate() throws(JadeError) {
        try Limits.require(m, in: 2...Limits.maximumM, "index m")
        try Limits.require(efConstruction, in: 8...Limits.maximumEfConstruction, "index ef_construction")
        try Limits.require(efSearch, in: 1...Limits.maximumEfSearch, "index ef_search")
        try Limits.require(nlist, in: 0...Limits.maximumLists, "index nlist")
        try Limits.require(nprobe, in: 1...Limits.maximumLists, "index nprobe")
        try Limits.require(pqSubspaces, in: 0...Limits.maximumSubspaces, "index pq_subspaces")
        try Limits.requireOversampling(oversampling, "index oversampling")
        guard kind.quantizations.contains(quantization) else {
            throw .invalidArgument("index quantization is \(quantization.rawValue), which an index of type \(kind.rawValue) does not have")
        }
        guard pqSubspaces == 0 || quantization == .pq else {
            throw .invalidArgument("index pq_subspaces is \(pqSubspaces), which is no setting of quantization \(quantization.rawValue)")
        }
        try validateReduction()
    }
}

extension IndexSettings.Kind {
    /// The codes that an index of the kind may have.
    public var quantizations: [IndexSettings.Quantization] {
        switch self {
        case .flat: [.none]
        case .hnsw, .ivf: IndexSettings.Quantization.allCases
        }
    }
}

extension IndexSettings {
    /// What is compared by other than whole vectors.
    public var readsCodes: Bool { quantization != .none || reduction != .none }

    /// What is compared with the vectors at the end where nothing else is said, in times of the wanted results.
    public var usualOversampling: Double { max(quantization.usualOversampling, reduction.usualOversampling) }

    /// The dimensions that searches walk by, of vectors of `dimension`.
    public func walkedDimension(of dimension: Int) -> Int {
        guard reduction != .none else { return dimension }
        return reducedDimension == 0 ? max(dimension / 2, Limits.leastReducedDimension) : reducedDimension
    }

    private func validateReduction() throws(JadeError) {
        guard reduction != .none else {
            guard reducedDimension == 0 else {
                throw .invalidArgument("index reduced_dimension is \(reducedDimension), which is no setting of reduction none")
            }
            return
        }
        guard kind == .hnsw else {
            throw .invalidArgument("index reduction is \(reduction.rawValue), which an index of type \(kind.rawValue) does not have")
        }
        guard reducedDimension != 0 else { return }
        try Limits.require(reducedDimension, in: Limits.leastReducedDimension...Limits.maximumDimension, "index reduced_dimension")
    }

    /// Whether vectors of a field can be reduced and coded as the settings say.
    public func validate(for field: VectorField) throws(JadeError) {
        guard readsCodes || kind == .ivf else { return }
        guard field.elementType == .float32, Metric.ofProducts.contains(field.metric) else {
            let what =
                quantization != .none ? "quantization is \(quantization.rawValue)"
                : reduction != .none ? "reduction is \(reduction.rawValue)" : "type is \(kind.rawValue)"
            throw .invalidArgument(
                "index \(what), which needs f32 vectors compared by cosine, euclidean or dot, not \(field.elementType.name) by \(field.metric.rawValue)")
        }
        guard reduction != .none else { return }
        let largest = reduction == .pca ? Limits.maximumAnalysedDimension : Limits.maximumDimension
        guard (Limits.leastReducedDimension...largest).contains(field.dimension) else {
            throw .invalidArgument(
                "index reduction is \(reduction.rawValue), which takes vectors of \(Limits.leastReducedDimension) to \(largest) dimensions, not \(field.dimension)")
        }
        guard reducedDimension <= field.dimension else {
            throw .invalidArgument("index reduced_dimension is \(reducedDimension), expected at most \(field.dimension), the dimension")
        }
    }
}

extension Limits {
    /// Dimensions that are left at least of a vector.
    public static let leastReducedDimension = 2
    /// Dimensions of vectors that are analysed for their principal components: the work grows with the third power.
    public static let maximumAnalysedDimension = 4_096
    /// Lists of one IVF index.
    public static let maximumLists = 65_536
    /// Pieces of a product code.
    public static let maximumSubspaces = 4_096

    /// Checks a number against its range, with both in the message.
    public static func require(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws(JadeError) {
        guard range.contains(value) else {
            throw .invalidArgument("\(what) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
    }

    static func requireOversampling(_ value: Double, _ what: String) throws(JadeError) {
        guard (1...maximumOversampling).contains(value) else {
            throw .invalidArgument("\(what) is \(value), expected 1 to \(maximumOversampling)")
        }
    }
}
