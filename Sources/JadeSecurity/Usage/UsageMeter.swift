package import JadeCore
package import JadeIO
import Synchronization

/// Counts what keys, users, databases and addresses take, and refuses what is beyond their limits with the time to wait.
///
/// Counted on this node and since its start.
package final class UsageMeter: Sendable {
    package struct Settings: Sendable, Hashable {
        package var key = UsageLimits()
        package var user = UsageLimits()
        package var database = UsageLimits()
        /// Logins and credentials that do not hold, of one address.
        package var failuresPerSecond = 20

        package init() {}
    }

    enum Subject: Hashable, Sendable {
        case key(String)
        case user(String)
        case database(String)
        case address(String)

        /// What messages call it.
        var noun: String {
            switch self {
            case .key: "this API key"
            case .user: "this user"
            case .database: "this database"
            case .address: "this address"
            }
        }
    }

    private struct Usage {
        var requests, vectors, bytes: TokenBucket?
        var searches = 0
    }

    private let settings: Settings
    private let clock: any Clock
    private let usage = Mutex<[Subject: Usage]>([:])

    package init(_ settings: Settings = .init(), clock: any Clock = SystemClock()) {
        self.settings = settings
        self.clock = clock
    }

    private func limits(of subject: Subject) -> UsageLimits {
        switch subject {
        case .key: settings.key
        case .user: settings.user
        case .database: settings.database
        case .address: UsageLimits(requestsPerSecond: settings.failuresPerSecond)
        }
    }

    static func subjects(_ caller: Caller) -> [Subject] {
        if case .apiKey(let id, _) = caller.credential { [.key(id), .user(caller.userID)] } else { [.user(caller.userID)] }
    }

    /// One request of each of the subjects, as far as they have a limit.
    func takeRequest(_ subjects: [Subject]) throws(JadeError) {
        for subject in subjects {
            try take(1, subject, "requests", rate: limits(of: subject).requestsPerSecond, \.requests)
        }
    }

    /// - Parameter bytes: of the vectors' values.
    func takeWrite(vectors: Int, bytes: Int, _ subjects: [Subject]) throws(JadeError) {
        for subject in subjects {
            let limits = limits(of: subject)
            try take(vectors, subject, "vectors", rate: limits.vectorsPerSecond, \.vectors)
            try take(bytes, subject, "bytes of vectors", rate: limits.bytesPerSecond, \.bytes)
        }
    }

    private func take(
        _ amount: Int, _ subject: Subject, _ what: String, rate: Int, _ bucket: any WritableKeyPath<Usage, TokenBucket?> & Sendable
    ) throws(JadeError) {
        guard rate > 0 else { return }
        let now = clock.monotonicNanoseconds
        let wait = usage.withLock { usage -> Int? in
            if usage.count >= Limits.maximumMeteredSubjects { Self.forgetIdle(&usage) }
            var taken = usage[subject, default: Usage()][keyPath: bucket] ?? TokenBucket(rate: rate, at: now)
            let wait = taken.take(amount, rate: rate, at: now)
            usage[subject, default: Usage()][keyPath: bucket] = taken
            return wait
        }
        guard let wait else { return }
        throw .overloaded("\(subject.noun) may take \(rate) \(what) a second: try again in \(wait) s", retryAfterSeconds: wait)
    }

    /// All that run no search: what they took is forgiven, which a limit for so many subjects can afford.
    private static func forgetIdle(_ usage: inout [Subject: Usage]) { usage = usage.filter { $0.value.searches > 0 } }

    /// Runs searches within the limits of those that run already.
    func search<Result: Sendable>(
        _ subjects: [Subject], _ body: () async throws(JadeError) -> Result
    ) async throws(JadeError) -> Result {
        let limited = subjects.filter { limits(of: $0).concurrentSearches > 0 }
        guard !limited.isEmpty else { return try await body() }
        try enter(limited)
        defer { leave(limited) }
        return try await body()
    }

    private func enter(_ subjects: [Subject]) throws(JadeError) {
        let full = usage.withLock { usage -> Subject? in
            if let full = subjects.first(where: { usage[$0]?.searches ?? 0 >= limits(of: $0).concurrentSearches }) { return full }
            for subject in subjects { usage[subject, default: Usage()].searches += 1 }
            return nil
        }
        guard let full else { return }
        let limit = limits(of: full).concurrentSearches
        throw .overloaded("\(full.noun) may run \(limit) searches at a time, and does: try again in 1 s", retryAfterSeconds: 1)
    }

    private func leave(_ subjects: [Subject]) {
        usage.withLock { usage in
            for subject in subjects { usage[subject]?.searches -= 1 }
        }
    }
}
