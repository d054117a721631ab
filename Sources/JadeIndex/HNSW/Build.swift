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
        let next = Atomic(range.lowerBound)
        let failure = Mutex<JadeError?>(nil)
        let work: @Sendable () -> Void = { [self] in
            while failure.withLock({ $0 == nil }) {
                let start = next.wrappingAdd(Self.blockOfRows, ordering: .relaxed).oldValue
                guard start < range.upperBound else { return }
                do throws(JadeError) {
                    for ordinal in start..<min(start + Self.blockOfRows, range.upperBound) where include(UInt32(ordinal)) {
                        try insert(UInt32(ordinal))
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                progress?(min(start + Self.blockOfRows, range.upperBound) - range.lowerBound)
            }
        }
        workers.perform(work)
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Rows that a thread takes at a time.
    private static let blockOfRows = 32
}
