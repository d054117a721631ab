import JadeCore

/// How much one key, one user or one database may take; 0 is no limit.
package struct UsageLimits: Sendable, Hashable {
    package var requestsPerSecond: Int
    /// Vectors written.
    package var vectorsPerSecond: Int
    /// Bytes of vectors' values written.
    package var bytesPerSecond: Int
    package var concurrentSearches: Int

    package init(requestsPerSecond: Int = 0, vectorsPerSecond: Int = 0, bytesPerSecond: Int = 0, concurrentSearches: Int = 0) {
        self.requestsPerSecond = requestsPerSecond
        self.vectorsPerSecond = vectorsPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.concurrentSearches = concurrentSearches
    }

    /// With what a quota of one's own says otherwise.
    func with(_ quota: Quota?) -> UsageLimits {
        guard let quota else { return self }
        return UsageLimits(
            requestsPerSecond: quota.requestsPerSecond ?? requestsPerSecond, vectorsPerSecond: quota.vectorsPerSecond ?? vectorsPerSecond,
            bytesPerSecond: quota.bytesPerSecond ?? bytesPerSecond, concurrentSearches: quota.concurrentSearches ?? concurrentSearches)
    }

    var quota: Quota {
        Quota(
            requestsPerSecond: requestsPerSecond, vectorsPerSecond: vectorsPerSecond, bytesPerSecond: bytesPerSecond,
            concurrentSearches: concurrentSearches)
    }
}

/// A bucket that fills by `rate` a second up to a burst of two seconds' worth (the token bucket of RFC 2698, in one colour).
struct TokenBucket: Sendable {
    private var level: Double
    private var at: UInt64

    init(rate: Int, at now: UInt64) {
        level = Self.burst(rate)
        at = now
    }

    private static func burst(_ rate: Int) -> Double { Double(rate) * 2 }

    /// Takes an amount whenever there is anything: what is more than the level is owed, so that a batch larger than the burst
    /// passes once and is paid for by waiting.
    ///
    /// - Returns: nil when it was taken, otherwise the seconds until there is something again.
    mutating func take(_ amount: Int, rate: Int, at now: UInt64) -> Int? {
        fill(rate: rate, at: now)
        guard level >= min(Double(amount), 1) else { return Int(((1 - level) / Double(rate)).rounded(.up)) }
        level -= Double(amount)
        return nil
    }

    mutating func isFull(rate: Int, at now: UInt64) -> Bool {
        fill(rate: rate, at: now)
        return level >= Self.burst(rate)
    }

    private mutating func fill(rate: Int, at now: UInt64) {
        let elapsed = now > at ? Double(now - at) / 1e9 : 0
        // Also where no time went by: the rate may be another than it was.
        level = min(Self.burst(rate), level + elapsed * Double(rate))
        at = max(at, now)
    }
}
