internal import JadeCore
internal import Synchronization

/// Tells a search that nobody waits for it any more: looked at between pieces of work, never for each candidate.
final class SearchStop: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }

    func check() throws(JadeError) {
        if isSet { throw .cancelled("the search was cancelled") }
    }

    /// Runs a body that is told when its task is cancelled, on whatever thread it does its work.
    static func whileWanted<Value: Sendable>(
        _ body: (SearchStop) async throws(JadeError) -> Value
    ) async throws(JadeError) -> Value {
        let stop = SearchStop()
        let outcome: Result<Value, JadeError> = await withTaskCancellationHandler {
            do throws(JadeError) { return .success(try await body(stop)) } catch { return .failure(error) }
        } onCancel: {
            stop.set()
        }
        return try outcome.get()
    }
}

extension Limits {
    /// Rows that an exact search compares between two looks at whether it is still wanted.
    static let searchPieceRows = 1 << 17
}
