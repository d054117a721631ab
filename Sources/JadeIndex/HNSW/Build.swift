package import JadeCore
package import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Adds the rows of a range; rows for which `include` is false are left out.
    ///
    /// - Parameter progress: told now and then, from any of the threads, how many rows of the range are done.
    package func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool,
        progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError) {
        guard !range.isEmpty else { return }
        try reserve(rows: range.upperBound)
        let ordinal: @Sendable (Int) -> UInt32? = { index in
            let ordinal = UInt32(range.lowerBound + index)
            return include(ordinal) ? ordinal : nil
        }
        try learnTraversalCodes(range.count, workers: workers, ordinal)
        // Where there is no memory for a draft the rows serve as well.
        let builder = (try? draft(adding: range.count)) ?? self
        try builder.insert(range.count, workers: workers, progress: progress, ordinal: ordinal)
        linkUnreachedIfDue()
    }

    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {
        guard let last = ordinals.max() else { return }
        try reserve(rows: Int(last) + 1)
        let ordinal: @Sendable (Int) -> UInt32? = { index in include(ordinals[index]) ? ordinals[index] : nil }
        try learnTraversalCodes(ordinals.count, workers: workers, ordinal)
        try insert(ordinals.count, workers: workers, progress: nil, ordinal: ordinal)
        linkUnreachedIfDue()
    }

    /// Inserts what `ordinal` names for each index below `count`, by all workers.
    private func insert(
        _ count: Int, workers: BuildWorkers, progress: (@Sendable (Int) -> Void)?,
        ordinal: @escaping @Sendable (Int) -> UInt32?
    ) throws(JadeError) {
        trainCodes(count, ordinal)
        let next = Atomic(0)
        let failure = Mutex<JadeError?>(nil)
        let work: @Sendable () -> Void = { [self] in
            while failure.withLock({ $0 == nil }) {
                let start = next.wrappingAdd(Self.blockOfRows, ordering: .relaxed).oldValue
                guard start < count else { return }
                let end = min(start + Self.blockOfRows, count)
                do throws(JadeError) {
                    for index in start..<end { if let ordinal = ordinal(index) { try insert(ordinal) } }
                } catch {
                    failure.withLock { $0 = error }
                }
                progress?(end)
            }
        }
        workers.perform(work)
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Rows that a thread takes at a time.
    private static let blockOfRows = 32
}
