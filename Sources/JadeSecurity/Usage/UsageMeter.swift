package import JadeCore
package import JadeIO
import Synchronization

/// Counts what keys, users, databases and addresses take, and refuses what is beyond their limits with the time to wait.
///
/// Counted on this node and since its start.
package final class UsageMeter: Sendable {
    package struct Settings: Sendable, Hashable {
        /// What holds for each that has no quota of its own.
        package var key = UsageLimits()
        package var user = UsageLimits()
        package var database = UsageLimits()
        /// Logins and credentials that do not hold, of one address.
        package var failuresPerSecond = 20

        package init() {}
    }

    private struct Usage {
        var requests, vectors, bytes: TokenBucket?
        var searches = 0
        var totals = UsageTotals()
    }

    /// What one of them took, and how much at a time.
    private struct Demand {
        let amount: Int
        let what: String
        let rate: Int
        let bucket: any WritableKeyPath<Usage, TokenBucket?> & Sendable
        let total: any WritableKeyPath<UsageTotals, Int> & Sendable
    }

    private let settings: Settings
    private let quotas: QuotaTable
    private let clock: any Clock
    private let since: Int64
    private let usage = Mutex<[UsageSubject: Usage]>([:])
    private let addresses = Mutex<[String: TokenBucket]>([:])

    package init(_ settings: Settings = .init(), quotas: QuotaTable = QuotaTable(), clock: any Clock = SystemClock()) {
        self.settings = settings
        self.quotas = quotas
        self.clock = clock
        since = clock.wallMilliseconds
    }

    private func limits(of subject: UsageSubject) -> UsageLimits {
        let common =
            switch subject.kind {
            case .key: settings.key
            case .user: settings.user
            case .database: settings.database
            }
        return common.with(quotas[subject])
    }

    static func subjects(_ caller: Caller) -> [UsageSubject] {
        let user = UsageSubject(.user, id: caller.userID)
        return if case .apiKey(let id, _) = caller.credential { [UsageSubject(.key, id: id), user] } else { [user] }
    }

    // MARK: requests and writes

    /// A login, or a credential that does not hold.
    func takeFailure(from address: String) throws(JadeError) {
        let rate = settings.failuresPerSecond
        guard rate > 0 else { return }
        let now = clock.monotonicNanoseconds
        let wait = addresses.withLock { addresses in
            if addresses.count >= Limits.maximumMeteredSubjects { addresses = [:] }
            return addresses[address, default: TokenBucket(rate: rate, at: now)].take(1, rate: rate, at: now)
        }
        if let wait { throw Self.refusal("this address", "may take \(rate) requests a second", wait) }
    }

    /// One request of each of the subjects.
    func takeRequest(_ subjects: [UsageSubject]) throws(JadeError) {
        for subject in subjects {
            let rate = limits(of: subject).requestsPerSecond
            try take([Demand(amount: 1, what: "requests", rate: rate, bucket: \.requests, total: \.requests)], subject)
        }
    }

    /// - Parameter bytes: of the vectors' values.
    func takeWrite(vectors: Int, bytes: Int, _ subjects: [UsageSubject]) throws(JadeError) {
        for subject in subjects {
            let limits = limits(of: subject)
            try take(
                [
                    Demand(amount: vectors, what: "vectors", rate: limits.vectorsPerSecond, bucket: \.vectors, total: \.vectors),
                    Demand(amount: bytes, what: "bytes of vectors", rate: limits.bytesPerSecond, bucket: \.bytes, total: \.bytes),
                ], subject)
        }
    }

    private func take(_ demands: [Demand], _ subject: UsageSubject) throws(JadeError) {
        let now = clock.monotonicNanoseconds
        let refused = usage.withLock { usage -> (demand: Demand, wait: Int)? in
            if usage.count >= Limits.maximumMeteredSubjects { Self.forgetIdle(&usage) }
            return Self.take(demands, from: &usage[subject, default: Usage()], at: now)
        }
        if let (demand, wait) = refused { throw Self.refusal(subject.noun, "may take \(demand.rate) \(demand.what) a second", wait) }
    }

    /// Nil when all was taken.
    private static func take(_ demands: [Demand], from usage: inout Usage, at now: UInt64) -> (demand: Demand, wait: Int)? {
        for demand in demands where demand.rate > 0 {
            var bucket = usage[keyPath: demand.bucket] ?? TokenBucket(rate: demand.rate, at: now)
            let wait = bucket.take(demand.amount, rate: demand.rate, at: now)
            usage[keyPath: demand.bucket] = bucket
            guard let wait else { continue }
            usage.totals.refused += 1
            return (demand, wait)
        }
        for demand in demands { usage.totals[keyPath: demand.total] += demand.amount }
        return nil
    }

    private static func refusal(_ who: String, _ limit: String, _ wait: Int) -> JadeError {
        .overloaded("\(who) \(limit): try again in \(wait) s", retryAfterSeconds: wait)
    }

    /// All that run no search: what they took is forgiven, which a limit for so many subjects can afford.
    private static func forgetIdle(_ usage: inout [UsageSubject: Usage]) { usage = usage.filter { $0.value.searches > 0 } }

    // MARK: searches

    /// Runs searches within the limits of those that run already.
    ///
    /// - Parameter count: searches that run as one.
    func search<Result: Sendable>(
        _ count: Int, _ subjects: [UsageSubject], _ body: () async throws(JadeError) -> Result
    ) async throws(JadeError) -> Result {
        try enter(count, subjects)
        defer { leave(subjects) }
        return try await body()
    }

    private func enter(_ count: Int, _ subjects: [UsageSubject]) throws(JadeError) {
        let limits = subjects.map { self.limits(of: $0).concurrentSearches }
        let full = usage.withLock { usage -> Int? in
            if let full = subjects.indices.first(where: { limits[$0] > 0 && usage[subjects[$0]]?.searches ?? 0 >= limits[$0] }) {
                usage[subjects[full], default: Usage()].totals.refused += 1
                return full
            }
            for subject in subjects {
                usage[subject, default: Usage()].searches += 1
                usage[subject, default: Usage()].totals.searches += count
            }
            return nil
        }
        guard let full else { return }
        throw Self.refusal(subjects[full].noun, "may run \(limits[full]) searches at a time, and does", 1)
    }

    private func leave(_ subjects: [UsageSubject]) {
        usage.withLock { usage in
            for subject in subjects { usage[subject]?.searches -= 1 }
        }
    }

    // MARK: what was taken

    /// Of the subjects named, or of all that took anything or have a quota.
    ///
    /// - Parameter name: how people know one; those without a name are left out.
    func reports(of wanted: [UsageSubject]?, name: (UsageSubject) -> String?) -> [UsageReport] {
        let taken = usage.withLock { $0.mapValues { (totals: $0.totals, searches: $0.searches) } }
        let subjects = wanted ?? Array(Set(taken.keys).union(quotas.all.keys))
        return subjects.compactMap { subject in
            guard let name = name(subject) else { return nil }
            return UsageReport(
                subject: subject, name: name, quota: quotas[subject], limits: limits(of: subject).quota,
                totals: taken[subject]?.totals ?? UsageTotals(), runningSearches: taken[subject]?.searches ?? 0, since: since)
        }
    }
}

extension UsageSubject {
    /// What messages call it.
    fileprivate var noun: String {
        switch kind {
        case .key: "this API key"
        case .user: "this user"
        case .database: "this database"
        }
    }
}
