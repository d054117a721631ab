/// When a vector ceases to exist. From that moment no read returns it, though its space is freed a little later.
public enum Expiry: Sendable, Hashable {
    /// At a time, in milliseconds since 1970. One that lies in the past is no error: the vector is never seen.
    case at(milliseconds: Int64)
    /// So many seconds after the write was accepted.
    case after(seconds: Int)
    /// Not at all, whatever the database's retention says.
    case never

    public func validate() throws(JadeError) {
        switch self {
        case .at(let milliseconds):
            guard (1...Limits.maximumExpiryMilliseconds).contains(milliseconds) else {
                throw .invalidArgument("expiry at \(milliseconds) ms is not between 1 and \(Limits.maximumExpiryMilliseconds) ms since 1970")
            }
        case .after(let seconds): try Limits.require(seconds, in: 1...Limits.maximumRetentionSeconds, "ttl_seconds")
        case .never: break
        }
    }

    /// The moment in milliseconds since 1970, nil for never; `now` is when the write was accepted.
    public func milliseconds(from now: Int64) -> Int64? {
        switch self {
        case .at(let milliseconds): milliseconds
        case .after(let seconds): now + Int64(seconds) * 1000
        case .never: nil
        }
    }
}
