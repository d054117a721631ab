import JadeCore
import Synchronization

/// What was found for the filters asked last, until something changes: many searches share a filter, and finding its ordinals looks at
/// every number of a field.
final class KeptAnswers: Sendable {
    private struct Answer {
        let filter: Filter
        let hash: Int
        let found: OrdinalBitmap
    }

    /// The one asked last comes last.
    private let answers = Mutex<[Answer]>([])

    /// What was found for the filter, or what the body finds.
    ///
    /// Complexity: of a filter that was asked lately, its length and ``Limits/maximumKeptAnswers``.
    func answer(_ filter: Filter, universe: Int, _ find: () -> OrdinalBitmap) -> OrdinalBitmap {
        let hash = filter.hashValue
        if let kept = kept(filter, hash, universe) { return kept }
        let found = find()
        answers.withLock { answers in
            if answers.count == Limits.maximumKeptAnswers { answers.removeFirst() }
            answers.append(Answer(filter: filter, hash: hash, found: found))
        }
        return found
    }

    private func kept(_ filter: Filter, _ hash: Int, _ universe: Int) -> OrdinalBitmap? {
        answers.withLock { answers in
            guard let place = answers.lastIndex(where: { $0.hash == hash && $0.found.universe == universe && $0.filter == filter })
            else { return nil }
            let answer = answers[place]
            if place < answers.count - 1 { answers.append(answers.remove(at: place)) }
            return answer.found
        }
    }

    /// Something changed.
    func forget() {
        answers.withLock { if !$0.isEmpty { $0.removeAll() } }
    }

    var memoryBytes: Int {
        answers.withLock { $0.reduce(0) { $0 + $1.found.words.capacity * 8 } }
    }
}
