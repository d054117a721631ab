import Foundation

/// How far a long job is: a bar that redraws itself on a terminal, a line now and then elsewhere.
struct Progress {
    private let what: String
    private let total: Int?
    /// Done before this run: counted in the bar and not in the rate.
    private let resumedAt: Int
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?
    private let isQuiet: Bool

    init(_ what: String, total: Int?, resumedAt: Int = 0, isQuiet: Bool = false) {
        self.what = what
        self.total = total
        self.resumedAt = resumedAt
        self.isQuiet = isQuiet
        start = clock.now
    }

    var seconds: Double { (clock.now - start) / .seconds(1) }

    func rate(at done: Int) -> Double { Double(done - resumedAt) / max(seconds, 1e-9) }

    mutating func update(_ done: Int) {
        guard !isQuiet else { return }
        let pause: Duration = Standard.errorIsTerminal ? .milliseconds(100) : .seconds(5)
        guard lastShown.map({ clock.now - $0 >= pause }) ?? Standard.errorIsTerminal else {
            if lastShown == nil { lastShown = start }
            return
        }
        lastShown = clock.now
        show(done)
    }

    func finish(_ done: Int) {
        guard !isQuiet, Standard.errorIsTerminal else { return }
        show(done)
        Standard.errorInPlace("\n")
    }

    private func show(_ done: Int) {
        if Standard.errorIsTerminal { Standard.errorInPlace("\r\u{1B}[K\(line(done))") } else { Standard.error(line(done)) }
    }

    private func line(_ done: Int) -> String {
        let rate = rate(at: done)
        guard let total, total > 0 else { return "\(what) \(Numbers.grouped(done)) · \(Numbers.grouped(rate))/s" }
        let part = min(1, Double(done) / Double(total))
        let left = rate > 0 ? Numbers.duration(seconds: Double(total - done) / rate) : "–"
        let counts = "\(Numbers.grouped(done)) of \(Numbers.grouped(total)) · \(Numbers.grouped(rate))/s · \(left) left"
        guard Standard.errorIsTerminal else { return "\(what) \(Int(part * 100)) % · \(counts)" }
        let filled = Int(part * 24)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        return "\(what) \(bar) \(Int(part * 100)) % · \(counts)"
    }
}
