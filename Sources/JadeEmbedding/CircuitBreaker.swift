/// Leaves alone what keeps failing: after so many failures in a row nothing is asked for a while, then one request tries.
///
/// Pure: times are handed in, in nanoseconds of a clock that never goes back.
package struct CircuitBreaker: Sendable, Hashable {
    package enum Decision: Sendable, Hashable {
        case go
        /// Nothing is asked for this long.
        case wait(nanoseconds: UInt64)
    }

    private let failuresUntilOpen: Int
    private let openNanoseconds: UInt64
    private var failures = 0
    /// When one request may try; nil while all may.
    private var openUntil: UInt64?
    /// Whether the one that tries is under way.
    private var isTrying = false

    package init(failuresUntilOpen: Int, openNanoseconds: UInt64) {
        self.failuresUntilOpen = failuresUntilOpen
        self.openNanoseconds = openNanoseconds
    }

    package mutating func request(at now: UInt64) -> Decision {
        guard let until = openUntil else { return .go }
        guard now >= until else { return .wait(nanoseconds: until - now) }
        // The others wait as long as it may take to know more.
        guard !isTrying else { return .wait(nanoseconds: openNanoseconds) }
        isTrying = true
        return .go
    }

    package mutating func succeeded() {
        failures = 0
        openUntil = nil
        isTrying = false
    }

    package mutating func failed(at now: UInt64) {
        failures += 1
        isTrying = false
        if failures >= failuresUntilOpen { openUntil = now + openNanoseconds }
    }

    /// The request ended without saying anything about the provider: it was cancelled.
    package mutating func abandoned() { isTrying = false }
}
