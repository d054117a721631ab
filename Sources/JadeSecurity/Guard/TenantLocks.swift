package import JadeCore

/// Lets one tenant's write at a time into a database: between the look at whose the ids are and the write, no other
/// tenant's write may come. Callers that are bound to no tenant are trusted with all of the database and do not wait.
package actor TenantLocks {
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    package init() {}

    nonisolated func exclusively<Result: Sendable>(
        _ database: String, _ body: @Sendable () async throws(JadeError) -> Result
    ) async throws(JadeError) -> Result {
        await enter(database)
        do throws(JadeError) {
            let result = try await body()
            await leave(database)
            return result
        } catch {
            await leave(database)
            throw error
        }
    }

    private func enter(_ database: String) async {
        guard waiting[database] != nil else {
            waiting[database] = []
            return
        }
        await withCheckedContinuation { waiting[database]!.append($0) }
    }

    /// Hands the lock to who has waited for longest.
    private func leave(_ database: String) {
        if waiting[database]!.isEmpty { waiting[database] = nil } else { waiting[database]!.removeFirst().resume() }
    }
}
