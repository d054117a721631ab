internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// Codes of all rows of a graph, by ordinal, for traversals to read instead of the rows: 8 or 4 bits a component.
///
/// A row is first brought to the middle: for cosine made a unit vector, then the mean of a sample is taken away (as in LVQ,
/// Aguerrebere et al. 2023, arXiv:2304.04759). With 8 bits a component becomes a whole number from -127 to 127 times a step of the row's own,
/// and a query is coded in the same way, so that a distance is a product of bytes; with 4 bits the query stays as it is.
///
/// A row of 8 bits is a head of two numbers, the step and what the row alone adds to a distance, then the codes; one of 4 bits is
/// as `jade_codes.h` says.
///
/// `@unchecked Sendable`: a row is written before its node is linked; the mean changes while the graph has few nodes, when a search
/// that sees it half changed finds others of those few.
final class NodeCodes: @unchecked Sendable {
    let quantization: IndexSettings.Quantization
    let metric: Metric
    let dimension: Int
    let stride: Int
    let memory: ReservedMemory
    let mean: UnsafeMutablePointer<Float>
    /// Rows that the mean was taken of.
    var sampled = 0
    let kernel: TypedDistanceKernel
    private let kernels: Kernels
    private let dot: DistanceKernel

    static let headBytes = 8

    convenience init?(_ quantization: IndexSettings.Quantization, rows: RowSource, kernels: Kernels) throws(JadeError) {
        guard quantization != .none else { return nil }
        let stride = Self.stride(quantization, dimension: rows.dimension)
        let memory = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * stride, usesHugePages: true)
        try self.init(quantization, metric: rows.metric, dimension: rows.dimension, memory: memory, kernels: kernels)
    }

    init(
        _ quantization: IndexSettings.Quantization, metric: Metric, dimension: Int, memory: ReservedMemory, kernels: Kernels
    ) throws(JadeError) {
        let family: DistanceFamily = quantization == .sq8 ? .dot : metric == .dot ? .ndot : .l2sq
        guard let kernel = kernels.distance(family, of: quantization == .sq8 ? .i8 : .sq4) else {
            throw .internal("no kernel for \(family) over codes of \(quantization)")
        }
        (self.quantization, self.metric, self.dimension) = (quantization, metric, dimension)
        (self.memory, self.kernel, self.kernels, dot) = (memory, kernel, kernels, kernels.dotProduct)
        stride = Self.stride(quantization, dimension: dimension)
        mean = .allocate(capacity: dimension)
        mean.initialize(repeating: 0, count: dimension)
    }

    deinit { mean.deallocate() }

    static func stride(_ quantization: IndexSettings.Quantization, dimension: Int) -> Int {
        switch quantization {
        case .none: 0
        case .sq8: (headBytes + dimension).roundedUp(to: 16)
        case .sq4: VectorType.sq4.byteCount(dimension: dimension).roundedUp(to: 8)
        case .pq, .rabitq, .rabitq4, .rabitq8: preconditionFailure("a graph has no codes of \(quantization)")
        }
    }

    /// Where the gather kernel takes the row of ordinal 0 to begin.
    var base: UnsafeRawPointer { UnsafeRawPointer(memory.base) + (quantization == .sq8 ? Self.headBytes : 0) }

    func reserve(rows count: Int) throws(JadeError) {
        try memory.commit(upTo: (count * stride).roundedUp(to: 1 << 20))
    }

    /// Codes a row; `scratch` has room for its components.
    func set(_ ordinal: UInt32, _ values: UnsafePointer<Float>, scale: Float, _ scratch: UnsafeMutablePointer<Float>) {
        center(values, scale: scale, into: scratch)
        let row = memory.base + Int(ordinal) * stride
        switch quantization {
        case .sq8: encode(scratch, into: row)
        default: kernels.encode(scratch, dimension: dimension, toSQ4: row)
        }
    }

    /// A vector from outside, to be compared with codes. `memory` has room for a row of codes or its components, `scratch` for the
    /// components.
    func probe(
        _ values: UnsafePointer<Float>, scale: Float, _ memory: UnsafeMutableRawPointer, _ scratch: UnsafeMutablePointer<Float>
    ) -> Probe {
        guard quantization != .sq8 else {
            center(values, scale: scale, into: scratch)
            encode(scratch, into: memory)
            return probe(ofCodes: UnsafeRawPointer(memory))
        }
        let out = memory.assumingMemoryBound(to: Float.self)
        guard metric == .dot else {
            center(values, scale: scale, into: out)
            return Probe(vector: UnsafeRawPointer(memory), scale: metric == .cosine ? 0.5 : 1, offset: 0)
        }
        out.update(from: values, count: dimension)
        return Probe(vector: UnsafeRawPointer(memory), scale: 1, offset: -dot.one(values, UnsafePointer(mean), dimension))
    }

    /// The probe that a row of 8 bits is by itself.
    @inline(__always)
    func probe(ofCodes row: UnsafeRawPointer) -> Probe {
        let head = row.assumingMemoryBound(to: Float.self)
        let constant = metric == .dot ? -meanNorm : 0
        return Probe(
            vector: row + Self.headBytes, scale: (metric == .euclidean ? -2 : -1) * head[0], offset: head[1] + constant)
    }

    private var meanNorm: Float { dot.one(UnsafePointer(mean), UnsafePointer(mean), dimension) }

    /// Writes head and codes. Norms are those of the decoded row: then a distance errs by a part of itself, not of the rows' lengths.
    private func encode(_ centered: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
        let head = row.assumingMemoryBound(to: Float.self)
        let codes = (row + Self.headBytes).assumingMemoryBound(to: Int8.self)
        let step = Self.largest(centered, dimension) / 127
        kernels.encode(centered, step: step, dimension: dimension, toI8: codes)
        head[0] = step
        switch metric {
        case .dot: head[1] = -dot.one(UnsafePointer(mean), centered, dimension)
        case .euclidean, .cosine:
            let norm = step * step * kernel.one(UnsafeRawPointer(codes), UnsafeRawPointer(codes), dimension)
            head[1] = metric == .cosine ? norm / 2 : norm
        // Databases with these metrics have no codes.
        case .manhattan, .hamming, .jaccard: head[1] = .nan
        }
    }

    private func center(_ values: UnsafePointer<Float>, scale: Float, into out: UnsafeMutablePointer<Float>) {
        let factor = metric == .cosine ? scale : 1
        var index = 0
        while index &+ 16 <= dimension {
            let value = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Float>.self)
            let middle = UnsafeRawPointer(mean + index).loadUnaligned(as: SIMD16<Float>.self)
            UnsafeMutableRawPointer(out + index).storeBytes(of: value * factor - middle, as: SIMD16<Float>.self)
            index &+= 16
        }
        while index < dimension {
            out[index] = values[index] * factor - mean[index]
            index &+= 1
        }
    }

    /// The largest magnitude of a component.
    private static func largest(_ values: UnsafePointer<Float>, _ count: Int) -> Float {
        var largest = SIMD16<Float>(repeating: 0)
        var index = 0
        while index &+ 16 <= count {
            let value = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Float>.self)
            largest = pointwiseMax(largest, pointwiseMax(value, -value))
            index &+= 16
        }
        var result = largest.max()
        while index < count {
            result = max(result, abs(values[index]))
            index &+= 1
        }
        return result
    }
}

/// A vector that traversals compare with nodes, prepared.
struct Probe {
    /// Components or codes.
    let vector: UnsafeRawPointer
    /// What a product is multiplied by: for rows the vector's own scale.
    let scale: Float
    /// What the vector alone adds to a distance to codes.
    let offset: Float
}
