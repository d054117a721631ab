package import JadeCore
package import JadeKernels

/// How an IVF index is built and searched: rows lie in `nlist` lists, each around a centroid, and a search looks through the
/// `nprobe` lists whose centroids are nearest.
package struct IVFSettings: Sendable, Hashable {
    /// What a list holds of a row beside its ordinal.
    package enum Code: Sendable, Hashable {
        /// Nothing: rows are read where they are.
        case flat
        /// Eight bits a component.
        case sq8
        /// Four bits for each of `subspaces` pieces of the row's residual from its centroid, scanned in blocks of 32 rows; 0 takes
        /// a piece for every second component, up to 64 pieces one for fewer.
        case pq(subspaces: Int)
        /// A residual's direction, with a bound of the error that decides which rows are looked at themselves.
        case rabitq(RaBitQCode)
    }

    /// Lists; 0 takes their number from that of the rows.
    package var nlist: Int
    package var nprobe: Int
    package var code: Code
    /// Candidates by codes that are compared exactly, for each result.
    package var oversampling: Int
    /// As in `KMeans`: above how many times their mean length lists are split in training.
    package var largestShare: Double?
    package var seed: UInt64 = 0x4A41_4445

    package init(
        nlist: Int = 0, nprobe: Int = 16, code: Code = .pq(subspaces: 0), oversampling: Int = 8, largestShare: Double? = 4
    ) {
        (self.nlist, self.nprobe, self.code) = (nlist, nprobe, code)
        (self.oversampling, self.largestShare) = (oversampling, largestShare)
    }

    package func validate() throws(JadeError) {
        try Limits.require(nlist, in: 0...Limits.maximumLists, "index nlist")
        try Limits.require(nprobe, in: 1...Limits.maximumLists, "index nprobe")
        try Limits.require(oversampling, in: 1...Limits.maximumOversampling, "index oversampling")
        if case .pq(let subspaces) = code { try Limits.require(subspaces, in: 0...Limits.maximumSubspaces, "index subspaces") }
    }

    /// Lists for so many rows: short enough to be scanned at once, few enough to be ranked at once.
    package func lists(rows: Int) -> Int {
        nlist > 0 ? min(nlist, max(rows, 1)) : min(max(Int(2 * Double(rows).squareRoot()), 1), Limits.maximumLists)
    }

    /// Pieces for a dimension.
    package func subspaces(_ given: Int, dimension: Int) -> Int {
        given > 0 ? min(given, dimension) : max((dimension + 1) / (dimension > 256 ? 4 : 2), 1)
    }
}

extension Limits {
    /// Lists of one IVF index.
    package static let maximumLists = 65_536
    /// Candidates compared exactly for each result of a search over codes.
    package static let maximumOversampling = 1_000
    /// Pieces of a product code.
    package static let maximumSubspaces = 4_096
}
