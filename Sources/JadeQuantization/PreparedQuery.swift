package import JadeCore
package import JadeKernels

/// A query brought into the form that a quantizer's codes are compared with, and the memory for it, which the next query takes over.
///
/// `@unchecked`: one thread uses it at a time.
package final class PreparedQuery: @unchecked Sendable {
    private var memory: UnsafeMutableRawPointer
    private var memoryBytes: Int
    @exclusivity(unchecked) private var form: Form = .none
    @exclusivity(unchecked) private var binary: RaBitQQuery?
    private var binaryShape: (code: RaBitQCode, dimension: Int) = (.rabitq1, -1)
    /// A distance is what the kernel says, times this …
    @exclusivity(unchecked) private var factor: Float = 1
    /// … and this more.
    @exclusivity(unchecked) private var offset: Float = 0

    private enum Form {
        case none
        case scalar(TypedDistanceKernel, dimension: Int)
        case product(PQLookupKernel, subspaces: Int)
        case binary
    }

    package init() {
        memoryBytes = 4096
        memory = .allocate(byteCount: memoryBytes, alignment: 64)
    }

    deinit { memory.deallocate() }

    private func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        if count * 4 > memoryBytes {
            memory.deallocate()
            memoryBytes = count * 4
            memory = .allocate(byteCount: memoryBytes, alignment: 64)
        }
        return memory.bindMemory(to: Float.self, capacity: count)
    }

    /// Takes a query for the codes of `quantizer`, which must outlive its use. Allocates only when a query needs more memory than the
    /// one before.
    ///
    /// - Parameter scale: for cosine what brings the query to length 1; else 1.
    package func prepare(_ query: UnsafePointer<Float>, scale: Float, for quantizer: Quantizer) {
        // Vectors of length 1 are half their squared distance apart.
        (factor, offset) = (quantizer.metric == .cosine ? 0.5 : 1, 0)
        switch quantizer {
        case .scalar(let scalar):
            offset = scalar.prepare(query, scale: scale, into: floats(scalar.dimension))
            form = .scalar(scalar.kernel, dimension: scalar.dimension)
        case .product(let product):
            let table = floats(product.book.tableCount + product.paddedDimension)
            let arranged = table + product.book.tableCount
            product.arrange(query, scale: scale, into: arranged)
            product.kernels.makeTable(product.family, product.book, query: arranged, into: table)
            form = .product(product.kernels.lookup(product.code), subspaces: product.subspaces)
        case .binary(let quantizer):
            let arranged = floats(quantizer.dimension)
            quantizer.arrange(query, scale: scale, into: arranged)
            setBinary(arranged, quantizer)
            form = .binary
        }
    }

    /// Takes a query for rows of plain numbers, as they are after a reduction. `kernel` measures the metric's internal distance, for
    /// cosine `l2sq` between vectors of length 1.
    package func prepare(_ query: UnsafePointer<Float>, dimension: Int, metric: Metric, for kernel: TypedDistanceKernel) {
        (factor, offset) = (metric == .cosine ? 0.5 : 1, 0)
        floats(dimension).update(from: query, count: dimension)
        form = .scalar(kernel, dimension: dimension)
    }

    private func setBinary(_ arranged: UnsafePointer<Float>, _ quantizer: BinaryQuantizer) {
        if binaryShape.code != quantizer.code || binaryShape.dimension != quantizer.dimension {
            binaryShape = (quantizer.code, quantizer.dimension)
            binary = RaBitQQuery(quantizer.code, dimension: quantizer.dimension, kernels: quantizer.kernels)
        }
        binary!.set(arranged, in: quantizer.space)
    }

    /// Distances to the codes that `ordinals` names, code `n` at `base + n * strideBytes`.
    package func gather(
        _ base: UnsafeRawPointer, strideBytes: Int, _ ordinals: UnsafePointer<UInt32>, count: Int,
        into out: UnsafeMutablePointer<Float>
    ) {
        switch form {
        case .none: preconditionFailure("no query was prepared")
        case .scalar(let kernel, let dimension): kernel.gather(memory, base, strideBytes, ordinals, count, dimension, out)
        case .product(let kernel, let subspaces):
            kernel.gather(memory.assumingMemoryBound(to: Float.self), base, strideBytes, ordinals, count, subspaces, out)
        case .binary: binary!.gather(base, strideBytes: strideBytes, ordinals: ordinals, count: count, out: out)
        }
        finish(out, count)
    }

    /// Distances to `count` codes that start `strideBytes` apart.
    package func many(_ base: UnsafeRawPointer, strideBytes: Int, count: Int, into out: UnsafeMutablePointer<Float>) {
        switch form {
        case .none: preconditionFailure("no query was prepared")
        case .scalar(let kernel, let dimension): kernel.many(memory, base, strideBytes, count, dimension, out)
        case .product(let kernel, let subspaces):
            kernel.many(memory.assumingMemoryBound(to: Float.self), base, strideBytes, count, subspaces, out)
        case .binary: binary!.many(base, strideBytes: strideBytes, count: count, out: out)
        }
        finish(out, count)
    }

    @inline(__always)
    private func finish(_ out: UnsafeMutablePointer<Float>, _ count: Int) {
        guard factor != 1 || offset != 0 else { return }
        let (factor, offset) = (factor, offset)
        for index in 0..<count { out[index] = out[index] * factor + offset }
    }
}

extension ScalarQuantizer {
    /// Writes the query as codes want it; what has to be added to every distance.
    func prepare(_ query: UnsafePointer<Float>, scale: Float, into out: UnsafeMutablePointer<Float>) -> Float {
        guard metric == .dot else {
            for index in 0..<dimension { out[index] = query[index] * scale - mean.base[index] }
            return 0
        }
        out.update(from: query, count: dimension)
        return -kernels.dotProduct.one(out, mean.base, dimension)
    }
}
