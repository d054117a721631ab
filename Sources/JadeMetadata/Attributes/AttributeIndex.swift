package import JadeCore

/// Which ordinals satisfy a filter, without looking at their metadata: per field path the ordinals of every distinct
/// scalar, kept in memory and derived from `metadata.db`.
///
/// ``Filter/matches(_:)`` defines the answers. One thread changes the index, any number ask it at the same time; an
/// answer shows every ordinal's metadata whole, before or after a change.
///
/// `@unchecked Sendable`: everything below `root`, and `known`, is read under the lock's reading side and changed under
/// its writing side. The only other changes, of ``ValueOrder`` and ``KeptAnswers``, have locks of their own.
package final class AttributeIndex: @unchecked Sendable {
    private let lock = ReaderWriterLock()
    private let root = AttributeField()
    private let known = OrdinalBits()
    private var fields = 0
    private let kept = KeptAnswers()

    package init() {}

    /// Ordinals in the index.
    package var count: Int { lock.reading { known.count } }

    /// Distinct field paths seen so far.
    package var fieldCount: Int { lock.reading { fields } }

    /// Bytes the index takes, roughly. Complexity: O(distinct values).
    package var memoryBytes: Int { lock.reading { root.memoryBytes + known.words.capacity * 8 + kept.memoryBytes } }

    /// Adds an ordinal that the index does not know.
    package func insert(ordinal: UInt32, metadata: Metadata) {
        lock.writing { insertLocked(ordinal, metadata) }
    }

    /// Removes an ordinal with the metadata that it was inserted with; nothing happens when the index does not know it.
    package func remove(ordinal: UInt32, metadata: Metadata) {
        lock.writing { removeLocked(ordinal, metadata) }
    }

    /// Changes an ordinal's metadata in one step.
    package func replace(ordinal: UInt32, old: Metadata, new: Metadata) {
        lock.writing {
            removeLocked(ordinal, old)
            insertLocked(ordinal, new)
        }
    }

    /// Checks that there is room for the fields that the metadata would add; to be asked before the write is logged.
    package func requireRoom(for metadata: [Metadata]) throws(JadeError) {
        try lock.reading { () throws(JadeError) in
            let added = metadata.reduce(0) { $0 + root.countMissing(for: .object($1), depth: 0) }
            guard added > 0, fields + added > Limits.maximumMetadataFields else { return }
            throw .tooLarge(
                "metadata would bring the database from \(fields) to \(fields + added) distinct fields, the limit is \(Limits.maximumMetadataFields)")
        }
    }

    /// The ordinals below the universe that satisfy the filter.
    ///
    /// Complexity: for each condition, the values it names or the distinct values in its range, and universe / 64; nothing of that for a
    /// filter that was asked since the last change, if it is among the last ``Limits/maximumKeptAnswers``.
    package func matching(_ filter: Filter, universe: Int) -> OrdinalBitmap {
        // Within the lock: what was found before a change is not kept after it.
        lock.reading {
            kept.answer(filter, universe: universe) { FilterEvaluation(root: root, known: known, universe: universe).evaluate(filter) }
        }
    }

    /// Bounds on how many ordinals satisfy the filter, without finding them: for the planner.
    package func estimate(_ filter: Filter) -> CardinalityBounds {
        lock.reading { FilterEstimation(root: root, known: known.count).estimate(filter) }
    }

    private func insertLocked(_ ordinal: UInt32, _ metadata: Metadata) {
        precondition(!known.contains(ordinal), "ordinal \(ordinal) is in the attribute index already")
        fields += root.insert(.object(metadata), ordinal, depth: 0)
        known.insert(ordinal)
        kept.forget()
    }

    private func removeLocked(_ ordinal: UInt32, _ metadata: Metadata) {
        guard known.contains(ordinal) else { return }
        root.remove(.object(metadata), ordinal)
        known.remove(ordinal)
        kept.forget()
    }
}
