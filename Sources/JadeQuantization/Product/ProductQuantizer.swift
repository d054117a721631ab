package import JadeCore
package import JadeKernels

/// Product codes: a vector is cut into `subspaces` pieces, and each becomes the number of its nearest centroid, one of 16 or 256
/// (`jade_pq.h`). A random rotation first makes all pieces alike; it helps where components differ much in their spread. A learned one makes
/// the error least.
package struct ProductQuantizer: Sendable {
    package let metric: Metric
    package let dimension: Int
    package let code: PQCode
    package let subspaces: Int
    /// Of the random rotation; 0 for none.
    package let rotationSeed: UInt64
    /// A learned rotation: its rows are the new axes, and those of the other are its columns.
    let learned: (axes: FloatMatrix, inverse: FloatMatrix)?
    /// Bytes of a code, rounded up to a multiple of 4.
    package let codeBytes: Int
    let rotation: Rotation?
    let kernels: Kernels
    /// As `PQCodebook` lays them out; one row.
    let centroids: FloatMatrix

    init(
        metric: Metric, dimension: Int, code: PQCode, subspaces: Int, rotationSeed: UInt64, learned: FloatMatrix?, centroids: FloatMatrix,
        kernels: Kernels
    ) {
        (self.metric, self.dimension, self.code, self.subspaces) = (metric, dimension, code, subspaces)
        (self.rotationSeed, self.centroids, self.kernels) = (rotationSeed, centroids, kernels)
        codeBytes = (code.byteCount(subspaces: subspaces) + 3) / 4 * 4
        rotation = Rotation.seeded(rotationSeed, dimension: dimension)
        self.learned = learned.map { ($0, $0.transposed()) }
    }

    var isRotated: Bool { rotation != nil || learned != nil }

    /// Whether the rotation was learned from the points.
    package var hasLearnedRotation: Bool { learned != nil }

    /// Components of a piece.
    package var subDimension: Int { (dimension + subspaces - 1) / subspaces }

    /// The centroids as kernels take them; good while this value lives.
    package var book: PQCodebook { PQCodebook(code, centroids: centroids.base, subspaces: subspaces, subDimension: subDimension) }

    /// Components of a vector as it is encoded: zeros follow those that it has.
    package var paddedDimension: Int { subspaces * subDimension }

    /// What tables are made with: squared distances where they can be had, since their error is smaller for near vectors.
    package var family: DistanceFamily { metric == .dot ? .ndot : .l2sq }

    /// Copies, scales, rotates and fills up: the form that kernels encode and that tables are made of. `out` has ``paddedDimension`` floats.
    package func arrange(_ row: UnsafePointer<Float>, scale: Float, into out: UnsafeMutablePointer<Float>) {
        for index in 0..<dimension { out[index] = row[index] * scale }
        for index in dimension..<paddedDimension { out[index] = 0 }
        rotation?.apply(out, kernels: kernels)
        if let learned { turn(out, to: learned.axes) }
    }

    /// In place, by the axes' products with the vector. O(dimension²).
    private func turn(_ vector: UnsafeMutablePointer<Float>, to axes: FloatMatrix) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { buffer in
            guard let turned = buffer.baseAddress else { return }
            kernels.dotProduct.many(vector, axes.base, axes.strideBytes, dimension, dimension, turned)
            vector.update(from: turned, count: dimension)
        }
    }

    /// The distances of an arranged query's pieces from all centroids, 16 or 256 floats a subspace. O(dimension · centroids).
    package func makeTable(_ family: DistanceFamily, query arranged: UnsafePointer<Float>, into table: UnsafeMutablePointer<Float>) {
        kernels.makeTable(family, book, query: arranged, into: table)
    }

    /// Writes the code of a row at `code`, ``codeBytes`` bytes. O(dimension · centroids).
    package func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: paddedDimension) { buffer in
            guard let arranged = buffer.baseAddress else { return }
            arrange(row, scale: scale, into: arranged)
            code.initializeMemory(as: UInt8.self, repeating: 0, count: codeBytes)
            kernels.encode(book, rows: arranged, strideBytes: paddedDimension * 4, count: 1, into: code, codesStrideBytes: codeBytes)
        }
    }

    /// The vector that a code stands for.
    package func decode(_ code: UnsafeRawPointer, into row: UnsafeMutablePointer<Float>) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: paddedDimension) { buffer in
            guard let arranged = buffer.baseAddress else { return }
            kernels.decode(book, codes: code, to: arranged)
            if let learned { turn(arranged, to: learned.inverse) }
            rotation?.applyInverse(arranged, kernels: kernels)
            row.update(from: arranged, count: dimension)
        }
    }
}

extension ProductQuantizer {
    package var codebook: Codebook {
        Codebook(
            kind: .product, metric: metric, dimension: dimension, bits: code == .pq4 ? 4 : 8, parts: subspaces, seed: rotationSeed,
            values: centroids.values + (learned?.axes.values ?? []))
    }

    /// - Throws: `corrupted` if the codebook is no product quantizer's.
    package init(_ codebook: Codebook, file: String, kernels: Kernels) throws(JadeError) {
        let code: PQCode = codebook.bits == 4 ? .pq4 : .pq8
        let parts = codebook.parts, dimension = codebook.dimension
        let isProduct = codebook.kind == .product && [4, 8].contains(codebook.bits) && (1...dimension).contains(parts)
        let centroids = isProduct ? (dimension + parts - 1) / parts * parts * code.centroids : 0
        let isLearned = codebook.values.count == centroids + dimension * dimension
        try codebook.require(
            isProduct && (codebook.values.count == centroids || (isLearned && codebook.seed == 0)), "a product quantizer", file: file)
        self.init(
            metric: codebook.metric, dimension: dimension, code: code, subspaces: parts, rotationSeed: codebook.seed,
            learned: isLearned ? FloatMatrix(codebook.values[centroids...], dimension: dimension) : nil,
            centroids: FloatMatrix(codebook.values[..<centroids], dimension: centroids), kernels: kernels)
    }
}
