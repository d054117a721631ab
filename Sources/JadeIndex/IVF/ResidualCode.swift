internal import JadeCore
internal import JadeKernels
internal import JadeQuantization

/// Product codes of residuals that need one table for all lists.
///
/// A row x = c + r of the list around c, coded as x' = c + r', is
/// |q - x'|² = |q - c|² - 2 <q - m, r'> + (2 <c - m, r'> + |r'|²) away from a query, m being the mean of all rows. The first term is
/// known from ranking the lists. The second is a sum over pieces that does not depend on the list, so its table is made once. The third
/// depends on the row alone: it is kept in 4-bit digits behind the pieces, all of the same weight, so that no entry of a table is much
/// larger than the others and the tables lose little when they become bytes. For `dot` there is no third term.
struct ResidualCode: Sendable {
    let product: ProductQuantizer
    /// One row.
    let mean: FloatMatrix
    /// The row's term is `low + step * level`, the level being the sum of all digits.
    let low: Float
    let step: Float
    let digits: Int

    /// What every row's distance has beside its codes' sum and its list's distance.
    var offset: Float { digits > 0 ? low : 0 }
    var subspaces: Int { product.subspaces + digits }
    /// Floats of a query's table, and in front of it the query itself.
    var tableCount: Int { subspaces * PQCode.pq4.centroids }

    /// Internal distances of cosine are half the squared ones of vectors of length 1.
    private var factor: Float { product.metric == .euclidean ? 2 : 1 }

    /// What the row adds to the distance: `decoded` is r', `centroid` is c.
    func term(_ decoded: UnsafePointer<Float>, centroid: UnsafePointer<Float>) -> Float {
        guard product.metric != .dot else { return 0 }
        var (cross, squared) = (Float(0), Float(0))
        for index in 0..<product.dimension {
            cross += (centroid[index] - mean.base[index]) * decoded[index]
            squared += decoded[index] * decoded[index]
        }
        return factor / 2 * (2 * cross + squared)
    }

    /// Writes the codes of a residual, digits included; `scratch` has room for a vector, and the code of its pieces stands there.
    func encode(
        _ residual: UnsafePointer<Float>, centroid: UnsafePointer<Float>, into code: UnsafeMutableRawPointer,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let bytes = code.assumingMemoryBound(to: UInt8.self)
        let pieces = UnsafeMutableRawPointer(scratch + product.dimension)
        product.encode(residual, scale: 1, into: pieces)
        product.decode(pieces, into: scratch)
        let size = PQCode.pq4.byteCount(subspaces: subspaces)
        let given = PQCode.pq4.byteCount(subspaces: product.subspaces)
        code.copyMemory(from: pieces, byteCount: given)
        for index in given..<size { bytes[index] = 0 }
        guard digits > 0 else { return }
        let exact = ((term(scratch, centroid: centroid) - low) / step).rounded()
        var level = Int(min(max(exact, 0), Float(15 * digits)))
        for digit in 0..<digits {
            let subspace = product.subspaces + digit
            let value = min(level, 15)
            level -= value
            bytes[subspace / 2] |= UInt8(value << (subspace % 2 * 4))
        }
    }

    /// Floats of `scratch` for ``encode(_:centroid:into:scratch:)``.
    var scratchCount: Int { product.dimension + (product.codeBytes + 3) / 4 }

    /// Writes a query's table into `table`; `arranged` has room for a vector as the quantizer wants it.
    func makeTable(
        _ query: UnsafePointer<Float>, scale: Float, into table: UnsafeMutablePointer<Float>, arranged: UnsafeMutablePointer<Float>
    ) {
        let centroids = PQCode.pq4.centroids
        withUnsafeTemporaryAllocation(of: Float.self, capacity: product.dimension) { moved in
            guard let moved = moved.baseAddress else { return }
            for index in 0..<product.dimension { moved[index] = query[index] * scale - mean.base[index] }
            product.arrange(moved, scale: 1, into: arranged)
        }
        product.makeTable(.ndot, query: arranged, into: table)
        let pieces = product.subspaces * centroids
        if factor != 1 { for index in 0..<pieces { table[index] *= factor } }
        for digit in 0..<digits {
            for value in 0..<centroids { table[pieces + digit * centroids + value] = step * Float(value) }
        }
    }
}

extension ResidualCode {
    /// Chooses the digits for the terms that a sample has.
    ///
    /// - Parameters:
    ///   - residuals: of rows that lie, number by number, in the lists that `labels` names.
    static func choose(
        _ product: ProductQuantizer, mean: FloatMatrix, residuals: FloatMatrix, labels: [UInt32], centroids: FloatMatrix
    ) -> ResidualCode {
        let plain = ResidualCode(product: product, mean: mean, low: 0, step: 1, digits: 0)
        guard product.metric != .dot else { return plain }
        let decoded = FloatMatrix(count: 1, dimension: product.dimension)
        let code = UnsafeMutableRawPointer.allocate(byteCount: product.codeBytes, alignment: 4)
        defer { code.deallocate() }
        var (low, high, width) = (Float.infinity, -Float.infinity, Float(0))
        let table = FloatMatrix(count: 1, dimension: plain.tableCount + product.paddedDimension)
        for index in 0..<residuals.count {
            let centroid = centroids.row(Int(labels[index]))
            product.encode(residuals.row(index), scale: 1, into: code)
            product.decode(code, into: decoded.base)
            let term = plain.term(decoded.base, centroid: centroid)
            (low, high) = (min(low, term), max(high, term))
            guard index < 64 else { continue }
            // A query near this row: its widest table says how wide a digit may be.
            for component in 0..<product.dimension { decoded.base[component] = centroid[component] + residuals.row(index)[component] }
            plain.makeTable(decoded.base, scale: 1, into: table.base, arranged: table.base + plain.tableCount)
            width += widest(table.base, subspaces: product.subspaces) / Float(min(residuals.count, 64))
        }
        let margin = max((high - low) * 0.1, .leastNormalMagnitude)
        let range = high - low + 2 * margin
        let digits = min(max(Int((range / max(width, range / 64)).rounded(.up)), 2), 64)
        return ResidualCode(product: product, mean: mean, low: low - margin, step: range / Float(15 * digits), digits: digits)
    }

    private static func widest(_ table: UnsafePointer<Float>, subspaces: Int) -> Float {
        (0..<subspaces).reduce(Float(0)) { widest, subspace in
            let entries = UnsafeBufferPointer(start: table + subspace * PQCode.pq4.centroids, count: PQCode.pq4.centroids)
            return max(widest, (entries.max() ?? 0) - (entries.min() ?? 0))
        }
    }
}
