package import JadeCore
internal import JadeIO
internal import JadeKernels

/// Per-row facts that are not in the row itself: when it came and went, and for cosine its scale.
///
/// Reserved for `Limits.maximumVectorsPerShard` rows, committed as rows come; nothing ever moves. One writer, any number of
/// readers: a row's facts are complete before its ordinal is published.
package final class RowFacts: @unchecked Sendable {
    private let stampMemory: ReservedMemory
    private let scaleMemory: ReservedMemory?
    package let stamps: UnsafeMutablePointer<RowStamp>
    package let scales: UnsafeMutablePointer<Float>?

    package init(metric: Metric) throws(JadeError) {
        let rows = Limits.maximumVectorsPerShard
        stampMemory = try ReservedMemory(reserve: rows * MemoryLayout<RowStamp>.stride)
        stamps = stampMemory.base.assumingMemoryBound(to: RowStamp.self)
        guard metric == .cosine else {
            scaleMemory = nil
            scales = nil
            return
        }
        let memory = try ReservedMemory(reserve: rows * MemoryLayout<Float>.stride)
        scaleMemory = memory
        scales = memory.base.assumingMemoryBound(to: Float.self)
    }

    package func reserve(rows count: Int) throws(JadeError) {
        try stampMemory.commit(upTo: count * MemoryLayout<RowStamp>.stride)
        try scaleMemory?.commit(upTo: count * MemoryLayout<Float>.stride)
    }

    package func markBorn(_ ordinal: UInt32, at sequence: UInt64) { word(ordinal).storeRelease(sequence) }
    package func markDead(_ ordinal: UInt32, at sequence: UInt64) { (word(ordinal) + 1).storeRelease(sequence) }

    /// Hides a dead row from searches that see its death. Once every search has ended that began before, ``clear(_:)`` may follow.
    package func forget(_ ordinal: UInt32) { word(ordinal).storeRelease(0) }

    /// Makes a forgotten row one that never was: its slot may be written again.
    package func clear(_ ordinal: UInt32) { (word(ordinal) + 1).storeRelease(0) }

    /// Whether the row lives now.
    package func isAlive(_ ordinal: UInt32) -> Bool {
        word(ordinal).loadAcquire() != 0 && (word(ordinal) + 1).loadAcquire() == 0
    }

    private func word(_ ordinal: UInt32) -> UnsafeMutablePointer<UInt64> {
        UnsafeMutableRawPointer(stamps + Int(ordinal)).assumingMemoryBound(to: UInt64.self)
    }
}

/// Rows in memory of the index's own, for an index that stands alone.
final class OwnedRows: @unchecked Sendable {
    let source: RowSource
    let facts: RowFacts
    private let memory: ReservedMemory

    init(dimension: Int, metric: Metric) throws(JadeError) {
        let stride = (dimension * 4 + 63) / 64 * 64
        memory = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * stride, usesHugePages: true)
        facts = try RowFacts(metric: metric)
        source = RowSource(
            base: UnsafeRawPointer(memory.base), stride: stride, dimension: dimension, metric: metric,
            scales: UnsafePointer(facts.scales))
    }

    func reserve(rows count: Int) throws(JadeError) {
        try memory.commit(upTo: count * source.stride)
        try facts.reserve(rows: count)
    }

    /// Writes a row that nobody sees yet.
    func write(_ ordinal: UInt32, _ values: UnsafePointer<Float>, kernels: Kernels) {
        let row = UnsafeMutablePointer(mutating: source.row(ordinal))
        row.update(from: values, count: source.dimension)
        facts.scales?[Int(ordinal)] = RowSource.scale(of: row, dimension: source.dimension, kernels: kernels)
    }
}
