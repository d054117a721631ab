import JadeCore
import JadeTestSupport

/// What a database has gone through, write after write, with the numbers under which its writes are marked.
struct History: Sendable {
    typealias Vectors = [VectorID: VectorRecord]
    /// Vectors that have to be there after a write, or nil for those that must not.
    typealias Change = [VectorID: VectorRecord?]

    let name: String
    /// The mark of its creation, and of its end.
    let created: Int
    var dropped: Int?
    /// What it holds after so many writes.
    private(set) var states: [Vectors] = [[:]]
    /// How many writes there were with the marked one.
    private(set) var lengths: [Int: Int] = [:]

    init(name: String, created: Int) {
        self.name = name
        self.created = created
    }

    var vectors: Vectors { states[states.count - 1] }

    mutating func append(_ change: Change, mark: Int) {
        var vectors = vectors
        for (id, record) in change { vectors[id] = record }
        states.append(vectors)
        lengths[mark] = states.count - 1
    }
}

/// What the client knew when the power went.
struct Knowledge: Sendable {
    private(set) var time = 0
    private(set) var began: Set<Int> = []
    /// Marks with the time of their answer.
    private(set) var acknowledged: [Int: Int] = [:]

    mutating func learn(_ mark: StoryMark) {
        switch mark {
        case .began(let mark): began.insert(mark)
        case .acknowledged(let mark): acknowledged[mark] = time
        case .time(let time): self.time = time
        }
    }

    /// Writes of a database that must be there, and that may be.
    ///
    /// - Parameter interval: milliseconds that a power cut may cost; 0 where nothing may be lost.
    func lengths(of history: History, losing interval: Int) -> ClosedRange<Int> {
        var (least, most) = (0, 0)
        for (mark, length) in history.lengths {
            if began.contains(mark) { most = max(most, length) }
            if let answered = acknowledged[mark], interval == 0 || time - answered >= interval { least = max(least, length) }
        }
        return least...max(least, most)
    }

    func mustExist(_ history: History) -> Bool {
        acknowledged[history.created] != nil && !(history.dropped.map(began.contains) ?? false)
    }

    func mayExist(_ history: History) -> Bool {
        began.contains(history.created) && history.dropped.flatMap { acknowledged[$0] } == nil
    }
}
