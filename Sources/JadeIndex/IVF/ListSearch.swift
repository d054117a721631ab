internal import JadeCore
internal import JadeKernels
internal import JadeQuantization

/// One query on its way through lists. The same steps serve a search alone and one of a batch.
struct ListSearch {
    let index: IVFIndex
    let state: IVFState
    let context: ListContext
    let query: UnsafePointer<Float>
    /// For cosine what brings the query to length 1; else 1.
    let scale: Float
    let k: Int
    let visibility: Visibility
    let hidesRows: Bool
    let limit: UInt32
    /// Whether candidates by codes are compared exactly at the end.
    let rescores: Bool

    private var model: IVFModel { state.model }

    /// Brings the query into the form that entries are compared with. `candidates` is how many of those that codes rank are kept.
    func prepare(candidates: Int) {
        context.candidates.reset(capacity: max(candidates, k))
        context.results.reset(capacity: k)
        context.reserve(lists: model.nlist)
        switch model.codec {
        case .flat: return
        case .scalar(let quantizer): context.prepared.prepare(query, scale: scale, for: .scalar(quantizer))
        case .product(let code):
            context.reserve(floats: code.tableCount + code.product.paddedDimension)
            context.reserveTables(subspaces: code.subspaces, kernels: model.kernels)
            code.makeTable(query, scale: scale, into: context.floats, arranged: context.floats + code.tableCount)
            context.tables!.set(0, table: context.floats)
        case .binary(let code, _, let rotation, _):
            let dimension = model.dimension
            context.reserve(floats: 2 * dimension)
            context.reserveBinary(code, dimension: dimension, kernels: model.kernels)
            for component in 0..<dimension { context.floats[component] = query[component] * scale }
            rotation.apply(context.floats, kernels: model.kernels)
        }
    }

    /// Leaves the `count` nearest lists in `context.probes`.
    func rank(_ count: Int) {
        let nlist = model.nlist
        context.probes.reset(capacity: count)
        if nlist > 1 {
            context.ranked.prepare(query, scale: scale, for: model.ranking)
            context.ranked.many(
                model.rankingCodes, strideBytes: model.ranking.codeBytes, count: nlist, into: context.listDistances)
        } else {
            context.listDistances[0] = 0
        }
        var probes = context.probes
        var worst = probes.worstDistance
        for list in 0..<nlist where context.listDistances[list] <= worst {
            _ = probes.insert(CandidatePool.key(distance: context.listDistances[list], ordinal: UInt32(list)))
            worst = probes.worstDistance
        }
        context.probes = probes
    }

    /// Rows found so far that may be returned, up to `k` at least.
    var found: Int { model.isApproximate ? context.candidates.count : context.results.count }

    /// Offers the entries of a list, whose centroid is `distance` away: to `context.candidates` by their codes, to `context.results`
    /// where distances are exact.
    func scan(_ list: Int, distance: Float) {
        let form = model.form
        if case .binary = form { setBinary(list) }
        var extent = state.table.first(list)
        while let current = extent {
            let count = current.published
            extent = current.following
            var start = 0
            while start < count {
                let size = min(ListContext.blockCapacity, count &- start)
                scan(form, current, start, size, distance: distance)
                start &+= size
            }
        }
    }

    /// Asks for the beginning of a list that is scanned soon; the rest follows by itself.
    @inline(__always)
    func fetch(_ list: Int) {
        guard let extent = state.table.first(list) else { return }
        prefetch(UnsafeRawPointer(extent.pointee.ordinals))
        for line in 0..<4 { prefetch(UnsafeRawPointer(extent.pointee.codes) + line &* 64) }
    }

    @inline(__always)
    private func scan(_ form: IVFModel.Form, _ extent: ListExtent.Pointer, _ start: Int, _ count: Int, distance: Float) {
        let ordinals = extent.pointee.ordinals + start
        switch form {
        case .flat:
            index.distance.gather(query, scale: scale, ordinals, count: count, into: context.distances)
            offerExact(ordinals, count)
        case .scalar(let bytes):
            context.prepared.many(extent.pointee.codes + start &* bytes, strideBytes: bytes, count: count, into: context.distances)
            offer(ordinals, count)
        case .product(let subspaces, let offset): scanProduct(extent, start, count, subspaces, distance + offset)
        case .binary(let bytes): scanBinary(extent, start, count, bytes)
        }
    }

    /// What a result has to be besides near.
    @inline(__always)
    private func admits(_ ordinal: UInt32) -> Bool { ordinal < limit && (!hidesRows || visibility.contains(ordinal)) }

    /// Offers the block's distances, which are those of codes.
    @inline(__always)
    private func offer(_ ordinals: UnsafePointer<UInt32>, _ count: Int) {
        var candidates = context.candidates
        for place in 0..<count where context.distances[place] <= candidates.worstDistance && admits(ordinals[place]) {
            candidates.take(CandidatePool.key(distance: context.distances[place], ordinal: ordinals[place]))
        }
        context.candidates = candidates
    }

    /// Offers the block's distances, which are those of rows.
    @inline(__always)
    private func offerExact(_ ordinals: UnsafePointer<UInt32>, _ count: Int) {
        var results = context.results
        for place in 0..<count where context.distances[place] <= results.worstDistance && admits(ordinals[place]) {
            _ = results.insert(CandidatePool.key(distance: context.distances[place], ordinal: ordinals[place]))
        }
        context.results = results
    }

    /// - Parameter common: what the distances of all rows of the list have in common.
    private func scanProduct(_ extent: ListExtent.Pointer, _ start: Int, _ count: Int, _ subspaces: Int, _ common: Float) {
        let ordinals = extent.pointee.ordinals + start
        let blocks = FastScanBlocks(
            extent.pointee.codes + start / EntryLayout.blockRows &* 16 &* subspaces, subspaces: subspaces, count: count)
        let base = common + context.tables!.bias(0)
        let unit = context.tables!.scale(0)
        var candidates = context.candidates
        let sums = (candidates.worstDistance - base) / unit
        if sums < 0 { return }
        let found = context.tables!.passing(
            0, blocks, limit: sums < 65535 ? UInt32(sums) : 65535, firstRow: 0, into: context.passing)
        for place in 0..<found {
            let word = context.passing[place]
            let distance = base + unit * Float(word >> 32)
            let ordinal = ordinals[Int(truncatingIfNeeded: word & 0xFFFF_FFFF)]
            guard distance <= candidates.worstDistance, admits(ordinal) else { continue }
            candidates.take(CandidatePool.key(distance: distance, ordinal: ordinal))
        }
        context.candidates = candidates
    }

    private func setBinary(_ list: Int) {
        guard case .binary(let code, _, _, let rotated) = model.codec else { return }
        let (centroid, residual) = (rotated.row(list), context.floats + model.dimension)
        for component in 0..<model.dimension { residual[component] = context.floats[component] - centroid[component] }
        context.binary!.set(residual, in: model.binarySpace(code, rotatedCentroid: centroid))
    }

    /// Looks at those rows themselves whose distance may be, by the bound of its error, among the best; `context.results` holds
    /// exact distances, so that the bound is compared with what is known for sure.
    private func scanBinary(_ extent: ListExtent.Pointer, _ start: Int, _ count: Int, _ stride: Int) {
        let ordinals = extent.pointee.ordinals + start
        context.binary!.many(
            extent.pointee.codes + start &* stride, strideBytes: stride, count: count, out: context.distances, lower: context.bounds)
        let worst = context.results.worstDistance
        // Half the squared distance of vectors of length 1 is cosine's.
        let factor: Float = model.metric == .cosine ? 0.5 : 1
        guard rescores else {
            for place in 0..<count { context.distances[place] *= factor }
            return offerExact(ordinals, count)
        }
        var pending = 0
        for place in 0..<count where factor * context.bounds[place] <= worst && admits(ordinals[place]) {
            context.ordinals[pending] = ordinals[place]
            pending &+= 1
        }
        guard pending > 0 else { return }
        index.distance.gather(query, scale: scale, context.ordinals, count: pending, into: context.distances)
        offerExact(context.ordinals, pending)
    }

    /// Compares the candidates exactly, where their codes have ranked them; the best `k`.
    func finish() -> [Neighbor] {
        guard model.isApproximate else { return Self.take(k, from: context.results) }
        context.candidates.thin()
        let found = context.candidates.count
        guard rescores else {
            for place in 0..<found { _ = context.results.insert(context.candidates.entries[place]) }
            return Self.take(k, from: context.results)
        }
        for start in Swift.stride(from: 0, to: found, by: ListContext.blockCapacity) {
            let size = min(ListContext.blockCapacity, found - start)
            for place in 0..<size { context.ordinals[place] = CandidatePool.ordinal(context.candidates.entries[start + place]) }
            index.distance.gather(query, scale: scale, context.ordinals, count: size, into: context.distances)
            for place in 0..<size {
                _ = context.results.insert(
                    CandidatePool.key(distance: context.distances[place], ordinal: context.ordinals[place]))
            }
        }
        return Self.take(k, from: context.results)
    }

    private static func take(_ k: Int, from pool: CandidatePool) -> [Neighbor] {
        (0..<min(k, pool.count)).map { pool.neighbor($0) }
    }
}

extension IVFModel {
    /// Whether candidates are ranked by codes and have to be compared exactly at the end.
    var isApproximate: Bool {
        switch codec {
        case .flat, .binary: false
        case .scalar, .product: true
        }
    }
}
