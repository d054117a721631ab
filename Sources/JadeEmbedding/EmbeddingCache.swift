/// The vectors of texts that were asked for last. The one that was not asked for the longest makes room.
package struct EmbeddingCache: Sendable {
    private struct Entry: Sendable {
        let values: [Float]
        var used: UInt64
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var ticks: UInt64 = 0

    package init(limit: Int) { self.limit = limit }

    package var count: Int { entries.count }

    package mutating func values(of text: String) -> [Float]? {
        guard let found = entries[text]?.values else { return nil }
        ticks += 1
        entries[text]?.used = ticks
        return found
    }

    package mutating func keep(_ values: [Float], of text: String) {
        guard limit > 0 else { return }
        ticks += 1
        entries[text] = Entry(values: values, used: ticks)
        if entries.count > limit { evict() }
    }

    /// A tenth at a time, so that finding the oldest costs little for each text.
    private mutating func evict() {
        let kept = limit - limit / 10
        let order = entries.values.map(\.used).sorted()
        let oldest = order[entries.count - kept]
        entries = entries.filter { $0.value.used >= oldest }
    }
}
