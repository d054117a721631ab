/// What one HTTP/1 connection is doing, and what follows from each event. Pure: ``ConnectionGuard`` carries it out.
struct ConnectionState {
    enum Reading {
        /// Between requests.
        case idle
        /// Some bytes of a request's head have come, not all.
        case head
        /// The head was read, the body's end was not.
        case body
    }

    enum Action: Equatable {
        case none
        /// Answer with the refusal and close.
        case refuse(ConnectionRefusal)
        /// Close without a word: an answer is half written, or none is owed.
        case close
    }

    private(set) var reading = Reading.idle
    /// Requests whose head was read and whose answer has not ended; with pipelining there may be several.
    private(set) var unanswered = 0
    /// Once set, nothing that comes in or goes out matters any more.
    private(set) var isClosing = false
    /// Whether any part of a request came since the last time that reading paused.
    private var sawPart = false
    /// Whether the head of an answer was written and its end was not.
    private var isAnswering = false
    private var closesAfterAnswer = false
    /// A refusal that waits until the requests before it are answered.
    private var pending: ConnectionRefusal?

    mutating func readHead() {
        sawPart = true
        reading = .body
        unanswered += 1
    }

    mutating func readBody() { sawPart = true }

    mutating func readEnd() {
        sawPart = true
        reading = .idle
    }

    /// Reading pauses. Bytes that made no part are the beginning of a head.
    mutating func readPaused() {
        if reading == .idle, !sawPart { reading = .head }
        sawPart = false
    }

    /// The request did not arrive in time.
    mutating func readTimedOut(_ refusal: ConnectionRefusal) -> Action {
        reading == .idle ? .none : refuse(refusal)
    }

    /// What was read is not HTTP, or the connection cannot go on for another reason.
    mutating func refuse(_ refusal: ConnectionRefusal) -> Action {
        guard !isClosing, pending == nil else { return .none }
        if isAnswering {
            let answersWhatIsRead = reading == .body && unanswered == 1
            if answersWhatIsRead { closesAfterAnswer = true } else { pending = refusal }
            return .none
        }
        if reading == .body {
            // The request that is being read gets the refusal for an answer, unless it has one or waits behind others.
            if unanswered == 0 { return end(.close) }
            if unanswered == 1 { return end(.refuse(refusal)) }
        } else if unanswered == 0 {
            return end(.refuse(refusal))
        }
        pending = refusal
        return .none
    }

    mutating func wroteHead(closing: Bool) {
        isAnswering = true
        if closing { closesAfterAnswer = true }
    }

    /// An answer is complete: now a refusal that waited for it may follow.
    mutating func wroteEnd() -> Action {
        isAnswering = false
        unanswered -= 1
        if closesAfterAnswer { return end(.close) }
        guard let refusal = pending, unanswered == (reading == .body ? 1 : 0) else { return .none }
        return end(.refuse(refusal))
    }

    private mutating func end(_ action: Action) -> Action {
        isClosing = true
        return action
    }
}
