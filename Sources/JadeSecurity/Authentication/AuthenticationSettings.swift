/// How long credentials live and how many wrong passwords are too many. All times in milliseconds.
package struct AuthenticationSettings: Sendable, Hashable {
    package var accessTokenLife: Int64 = 15 * 60_000
    /// A session unused for this long is over.
    package var idleTimeout: Int64 = 12 * 3_600_000
    /// A session is over after this time, however much it is used.
    package var absoluteTimeout: Int64 = 7 * 86_400_000
    /// Wrong passwords for one name before it is locked.
    package var allowedFailures = 5
    /// The first lock; each further failure doubles it, up to the longest.
    package var firstLock: Int64 = 1_000
    package var longestLock: Int64 = 15 * 60_000
    /// Times of last use are written no more often than this.
    package var lastUseGranularity: Int64 = 60_000

    package init() {}

    /// How long a name stays locked after so many failures in a row; 0 while they are allowed.
    func lock(after failures: Int) -> Int64 {
        guard failures >= allowedFailures else { return 0 }
        return min(longestLock, firstLock << Int64(min(failures - allowedFailures, 30)))
    }
}
