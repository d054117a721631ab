import Dispatch
package import JadeCore
import Synchronization

/// Threads for what waits: password hashes and the catalog. A request that waits for one of these keeps no search from
/// its thread.
package final class BlockingWork: Sendable {
    private let queue = DispatchQueue(label: "jade.security", attributes: .concurrent)
    private let pending = Atomic<Int>(0)

    package init() {}

    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws(JadeError) -> Value) async throws(JadeError) -> Value {
        let count = pending.add(1, ordering: .relaxed).newValue
        defer { pending.subtract(1, ordering: .relaxed) }
        guard count <= Limits.maximumPendingSecurityWork else {
            throw .overloaded("\(count - 1) requests for accounts and credentials wait already", retryAfterSeconds: 1)
        }
        let result = await withCheckedContinuation { continuation in
            queue.async {
                do throws(JadeError) {
                    continuation.resume(returning: Result<Value, JadeError>.success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
