internal import JadeCore
internal import JadeKernels
internal import JadeQuantization

/// Distances that a graph is built and traversed by: from codes where it has some, else from rows.
///
/// `@unchecked Sendable`: immutable pointers and code, as in ``RowDistance``; ``NodeCodes`` owns what the pointers lead to.
struct NodeDistance: @unchecked Sendable {
    let exact: RowDistance
    private let codes: Unmanaged<NodeCodes>?
    private let gatherCodes: TypedDistanceKernel.Gather?
    private let isSQ8: Bool
    /// The first byte that a comparison with ordinal 0 reads, and bytes to the next.
    let base: UnsafeRawPointer
    let stride: Int
    private let dimension: Int

    /// - Parameter codes: must outlive the distance.
    init(exact: RowDistance, codes: NodeCodes?) {
        self.exact = exact
        self.codes = codes.map { Unmanaged.passUnretained($0) }
        gatherCodes = codes?.kernel.gather
        isSQ8 = codes?.quantization == .sq8
        base = codes?.base ?? exact.rows.base
        stride = codes?.stride ?? exact.rows.stride
        dimension = exact.rows.dimension
    }

    /// Asks for the first line of a node.
    @inline(__always)
    func fetch(_ ordinal: UInt32) { prefetch(base + Int(ordinal) &* stride) }

    /// Asks for the first line of what the probe is compared with.
    @inline(__always)
    func fetch(_ ordinal: UInt32, _ probe: Probe) {
        if let codes = probe.codes { prefetch(codes.base + Int(ordinal) &* codes.stride) } else { fetch(ordinal) }
    }

    /// A vector from outside, in the rows' element type; codes are of f32 alone.
    func probe(_ query: UnsafeRawPointer, _ context: SearchContext) -> Probe {
        let scale = exact.scale(of: query)
        guard let codes else { return Probe(vector: query, scale: scale, offset: 0) }
        return codes._withUnsafeGuaranteedRef { $0.probe(query.assumingMemoryBound(to: Float.self), scale: scale, context.outerProbe, context.scratch) }
    }

    /// A node as a probe; ``probe(inner:_:)`` is for another one beside it.
    @inline(__always)
    func probe(of node: UInt32, _ context: SearchContext) -> Probe { probe(of: node, context.outerProbe, context) }

    @inline(__always)
    func probe(inner node: UInt32, _ context: SearchContext) -> Probe { probe(of: node, context.innerProbe, context) }

    @inline(__always)
    private func probe(of node: UInt32, _ memory: UnsafeMutableRawPointer, _ context: SearchContext) -> Probe {
        guard let codes else {
            return Probe(vector: exact.rows.address(node), scale: exact.scale(ofRow: node), offset: 0)
        }
        return codes._withUnsafeGuaranteedRef { codes in
            if isSQ8 { return codes.probe(ofCodes: base + Int(node) &* stride - NodeCodes.headBytes) }
            return codes.probe(exact.rows.row(node), scale: exact.scale(ofRow: node), memory, context.scratch)
        }
    }

    /// Distances to `count` nodes named by `ordinals`.
    @inline(__always)
    func gather(
        _ probe: Probe, _ ordinals: UnsafePointer<UInt32>, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        if let codes = probe.codes {
            codes.query._withUnsafeGuaranteedRef {
                $0.gather(codes.base, strideBytes: codes.stride, ordinals, count: count, into: out)
            }
            return
        }
        guard let gatherCodes else {
            exact.gather(probe.vector, scale: probe.scale, ordinals, count: count, into: out)
            return
        }
        gatherCodes(probe.vector, base, stride, ordinals, count, dimension, out)
        guard isSQ8 else {
            for index in 0..<count { out[index] = probe.offset + probe.scale * out[index] }
            return
        }
        for index in 0..<count {
            let head = (base + Int(ordinals[index]) &* stride - NodeCodes.headBytes).assumingMemoryBound(to: Float.self)
            out[index] = probe.offset + head[1] + probe.scale * head[0] * out[index]
        }
    }
}
