/// How long to wait before another try.
enum Backoff {
    /// Twice as long after each try, half of it random; at least what the server asked for.
    static func milliseconds(attempt: Int, options: JadeClient.Options, retryAfterSeconds: Int?) -> Int {
        let doubled = options.backoffMilliseconds << min(attempt, 16)
        let longest = max(1, min(doubled, options.maximumBackoffMilliseconds))
        let drawn = Int.random(in: (longest + 1) / 2...longest)
        let asked = (retryAfterSeconds ?? 0).clamped(to: 0...60) * 1_000
        return max(drawn, asked)
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
