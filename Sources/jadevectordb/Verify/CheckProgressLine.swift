import JadeCore

/// How far a check is, on standard error: nothing in the first second, then a line that redraws itself on a terminal, or one
/// now and then elsewhere.
final class CheckProgressLine {
    private let clock = ContinuousClock()
    private var shown: ContinuousClock.Instant
    private var isDrawn = false

    init() { shown = clock.now }

    func update(_ what: String, _ done: Int, _ total: Int) {
        let pause: Duration = !Standard.errorIsTerminal ? .seconds(5) : isDrawn ? .milliseconds(100) : .seconds(1)
        guard clock.now - shown >= pause else { return }
        shown = clock.now
        let line = "\(what) \(Numbers.grouped(done)) of \(Numbers.grouped(total))"
        if Standard.errorIsTerminal { Standard.errorInPlace("\r\u{1B}[K\(line)") } else { Standard.error(line) }
        isDrawn = true
    }

    /// Clears what is drawn.
    func finish() {
        if isDrawn, Standard.errorIsTerminal { Standard.errorInPlace("\r\u{1B}[K") }
        isDrawn = false
    }
}
