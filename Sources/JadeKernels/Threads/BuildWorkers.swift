internal import Dispatch
internal import Synchronization

/// The threads that train, encode and insert.
package struct BuildWorkers: Sendable {
    /// Runs the work on all of them at once and returns when all are done.
    package let perform: @Sendable (_ work: @escaping @Sendable () -> Void) -> Void

    package init(perform: @escaping @Sendable (_ work: @escaping @Sendable () -> Void) -> Void) { self.perform = perform }

    /// `count` threads of the system's pool; with 1, the calling thread.
    package static func system(_ count: Int) -> BuildWorkers {
        BuildWorkers { work in
            if count <= 1 { work() } else { DispatchQueue.concurrentPerform(iterations: count) { _ in work() } }
        }
    }

    /// Cuts `0 ..< count` into blocks and hands them to the threads, each to whoever is free, with the block's number.
    package func forEachBlock(of size: Int, in count: Int, _ body: @escaping @Sendable (_ block: Int, _ range: Range<Int>) -> Void) {
        precondition(size > 0, "blocks of \(size)")
        let next = Atomic(0)
        let blocks = (count + size - 1) / size
        guard blocks > 1 else { return blocks == 1 ? body(0, 0..<count) : () }
        perform {
            while true {
                let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard block < blocks else { return }
                body(block, block * size..<min((block + 1) * size, count))
            }
        }
    }
}
