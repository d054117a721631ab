package import JadeCore
package import JadeKernels

/// How an IVF index is built: rows lie in `nlist` lists, each around a centroid.
package struct IVFSettings: Sendable, Hashable {
    /// What a list holds of a row beside its ordinal.
    package enum Code: Sendable, Hashable {
        /// Nothing: rows are read where they are.
        case flat
        /// Eight bits a component.
        case sq8
        /// Four bits a component.
        case sq4
        /// Four bits for each of `subspaces` pieces of the row's residual from its centroid, scanned in blocks of 32 rows; 0 takes
        /// a piece for every second component, for every fourth beyond 256 dimensions.
        case pq(subspaces: Int)
        /// A residual's direction, with a bound of the error that decides which rows are looked at themselves.
        case rabitq(RaBitQCode)
    }

    /// Lists; 0 takes their number from that of the rows.
    package var nlist: Int
    package var code: Code
    /// As in `KMeans`: above how many times their mean length lists are split in training.
    package var largestShare: Double?
    package var seed: UInt64 = 0x4A41_4445

    package init(nlist: Int = 0, code: Code = .pq(subspaces: 0), largestShare: Double? = 4) {
        (self.nlist, self.code, self.largestShare) = (nlist, code, largestShare)
    }

    package init(_ settings: IndexSettings) {
        let code: Code =
            switch settings.quantization {
            case .none: .flat
            case .sq8: .sq8
            case .sq4: .sq4
            case .pq: .pq(subspaces: settings.pqSubspaces)
            case .rabitq: .rabitq(.rabitq1)
            case .rabitq4: .rabitq(.rabitq4)
            case .rabitq8: .rabitq(.rabitq8)
            }
        self.init(nlist: settings.nlist, code: code)
    }

    package func validate() throws(JadeError) {
        try Limits.require(nlist, in: 0...Limits.maximumLists, "index nlist")
        if case .pq(let subspaces) = code { try Limits.require(subspaces, in: 0...Limits.maximumSubspaces, "index pq_subspaces") }
    }

    /// Lists for so many rows: short enough to be scanned at once, few enough to be ranked at once.
    package func lists(rows: Int) -> Int {
        if nlist > 0 { return min(nlist, max(rows / Self.leastRowsPerList, 1)) }
        return min(max(Int(2 * Double(rows).squareRoot()), 1), Limits.maximumLists)
    }

    /// Of fewer a centroid says too little.
    private static let leastRowsPerList = 8

    /// Pieces for a dimension.
    package func subspaces(_ given: Int, dimension: Int) -> Int {
        given > 0 ? min(given, dimension) : max((dimension + 1) / (dimension > 256 ? 4 : 2), 1)
    }

    /// Bytes of a row's code, those of product codes with as many digits as they have at most in practice.
    func codeBytes(dimension: Int) -> Int {
        switch code {
        case .flat: 0
        case .sq8: VectorType.sq8.byteCount(dimension: dimension)
        case .sq4: VectorType.sq4.byteCount(dimension: dimension)
        case .pq(let given): PQCode.pq4.byteCount(subspaces: subspaces(given, dimension: dimension) + 16)
        case .rabitq(let code): code.byteCount(dimension: dimension)
        }
    }
}
