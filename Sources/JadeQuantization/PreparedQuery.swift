internal import JadeCore
internal import JadeKernels

/// A query brought into the form that a quantizer's codes are compared with, and the memory for it, which the next query takes over.
///
/// `@unchecked`: one thread uses it at a time.
package final class PreparedQuery: @unchecked Sendable {
    private var memory: UnsafeMutableRawPointer
    private var memoryBytes: Int
    private var form: Form = .none

    private enum Form {
        case none
        case scalar(kernel: TypedDistanceKernel, dimension: Int, offset: Float)
    }

    package init() {
        memoryBytes = 4096
        memory = .allocate(byteCount: memoryBytes, alignment: 64)
    }

    deinit { memory.deallocate() }

    private func reserve(_ bytes: Int) {
        guard bytes > memoryBytes else { return }
        memory.deallocate()
        memoryBytes = bytes
        memory = .allocate(byteCount: bytes, alignment: 64)
    }

    /// Takes a query for the codes of `quantizer`, which must outlive its use. Allocates only when a query needs more memory than any before.
    ///
    /// - Parameter scale: for cosine what brings the query to length 1; else 1.
    package func prepare(_ query: UnsafePointer<Float>, scale: Float, for quantizer: Quantizer) {
        switch quantizer {
        case .scalar(let scalar):
            reserve(scalar.dimension * 4)
            let offset = scalar.prepare(query, scale: scale, into: memory.assumingMemoryBound(to: Float.self))
            form = .scalar(kernel: scalar.kernel, dimension: scalar.dimension, offset: offset)
        }
    }

    /// Distances to the codes that `ordinals` names, code `n` at `base + n * strideBytes`.
    @inline(__always)
    package func gather(
        _ base: UnsafeRawPointer, strideBytes: Int, _ ordinals: UnsafePointer<UInt32>, count: Int,
        into out: UnsafeMutablePointer<Float>
    ) {
        switch form {
        case .none: preconditionFailure("no query was prepared")
        case .scalar(let kernel, let dimension, let offset):
            kernel.gather(memory, base, strideBytes, ordinals, count, dimension, out)
            if offset != 0 { for index in 0..<count { out[index] += offset } }
        }
    }

    /// Distances to `count` codes that start `strideBytes` apart.
    @inline(__always)
    package func many(_ base: UnsafeRawPointer, strideBytes: Int, count: Int, into out: UnsafeMutablePointer<Float>) {
        switch form {
        case .none: preconditionFailure("no query was prepared")
        case .scalar(let kernel, let dimension, let offset):
            kernel.many(memory, base, strideBytes, count, dimension, out)
            if offset != 0 { for index in 0..<count { out[index] += offset } }
        }
    }
}

extension ScalarQuantizer {
    /// Writes the query as codes want it; what has to be added to every distance.
    func prepare(_ query: UnsafePointer<Float>, scale: Float, into out: UnsafeMutablePointer<Float>) -> Float {
        guard metric != .euclidean else {
            for index in 0..<dimension { out[index] = query[index] - mean.base[index] }
            return 0
        }
        for index in 0..<dimension { out[index] = query[index] * scale }
        let product = kernels.dotProduct.one(out, mean.base, dimension)
        return (metric == .cosine ? 1 : 0) - product
    }
}
