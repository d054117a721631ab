internal import Dispatch
internal import Glibc
internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeKernels
internal import JadeStorage
internal import Logging
internal import Synchronization

/// Brings new rows into the index and takes dead ones out, in the background, by the engine's building threads.
final class IndexBuilder: Sendable {
    private struct State {
        var scheduled = false
        var stopped = false
        /// Dead rows that nobody asks for any more, whose removal has not begun.
        var retired: [UInt32] = []
        var removal: Removal?
        /// Rows out of the index, and the epoch that every read must have begun in before their slots are free.
        var removed: [(ordinals: [UInt32], epoch: UInt64)] = []
        var training: Training?
        /// Changes of the index that a training waits for after one that failed.
        var trainsFrom = 0
    }

    /// A training under way, and the memory that it holds.
    private struct Training {
        var work: any IndexTraining
        var bytes: Int
        var hasLearnt = false
    }

    private struct Removal {
        var ordinals: [UInt32]
        var work: any IndexRemoval
    }

    /// Rows between two publications: those behind the last one are scanned by every search.
    private static let chunk = 4096
    /// A removal begins with this part of the index's rows retired, so that its sweep costs each of them little.
    private static let removedPart = 32
    private static let fewestRemoved = 32

    private let index: any VectorIndex
    /// Kept, so that the rows which the index reads stay mapped while work on them is under way, whoever has let go of the shard.
    private let storage: HybridDatabasePersistence
    private let facts: RowFacts
    private let snapshots: Snapshots
    private let context: Shard.Context
    private let queue: DispatchQueue
    /// Where training learns, on a thread of its own: beside all other work, for minutes where there is much to learn from.
    private let learning: DispatchQueue
    private let state = Mutex(State())

    init(
        index: any VectorIndex, storage: HybridDatabasePersistence, facts: RowFacts, snapshots: Snapshots, context: Shard.Context
    ) {
        (self.index, self.storage) = (index, storage)
        self.facts = facts
        self.snapshots = snapshots
        self.context = context
        queue = DispatchQueue(label: "jade.index.\(context.name)", qos: .utility)
        learning = DispatchQueue(label: "jade.training.\(context.name)", qos: .background)
    }

    /// Rows that wait for the index.
    var pending: Int { snapshots.current.pending }

    /// Looks for work, unless some is under way already.
    func start() {
        let wanted = state.withLock { state in
            guard !state.scheduled, !state.stopped else { return false }
            state.scheduled = true
            return true
        }
        if wanted { queue.async { self.run() } }
    }

    /// Waits until another chunk is in the index, or for the time given.
    func waitForProgress(milliseconds: Int) {
        let before = pending
        for _ in 0..<milliseconds where pending >= before && !state.withLock({ $0.stopped }) {
            usleep(1000)
        }
    }

    /// Returns once nothing more will be added.
    func stop() {
        let training = state.withLock { state in
            state.stopped = true
            return state.training
        }
        training?.work.giveUp()
        learning.sync {}
        queue.sync {}
        endTraining()
    }

    /// Runs `body` while the index does not change.
    func whileQuiet<Value: Sendable>(_ body: @Sendable () -> Value) -> Value { queue.sync { body() } }

    /// Takes over dead rows that no read asks for any more, to take them out of the index.
    func retire(_ ordinals: [UInt32]) {
        for ordinal in ordinals { facts.forget(ordinal) }
        state.withLock { $0.retired += ordinals }
        start()
    }

    /// Rows that are out of the index and that no read can meet any more: their slots may be given to others.
    func takeRemoved() -> [UInt32] {
        let oldest = snapshots.oldestEpoch
        let end = snapshots.current.indexedEnd
        return state.withLock { state in
            let free = state.removed.filter { $0.epoch <= oldest }.flatMap(\.ordinals)
            state.removed.removeAll { $0.epoch <= oldest }
            // A slot that the builder has not passed yet would be passed over if it came to life just then.
            let later = free.filter { Int($0) >= end }
            if !later.isEmpty { state.removed.append((later, oldest)) }
            return free.filter { Int($0) < end }
        }
    }

    private enum Work {
        case range(Range<Int>)
        case waiting([UInt32])
        case removal(Removal)
        case training(any IndexTraining)
    }

    /// One piece of work; the next one queues behind whatever else waits for the index, a save for instance.
    private func run() {
        // Under the lock, so that rows published since are either seen here or find nothing scheduled.
        let work = state.withLock { state -> (items: [Work], snapshot: Snapshot)? in
            let snapshot = snapshots.current
            let items = state.stopped ? [] : items(of: &state, snapshot)
            if items.isEmpty { state.scheduled = false }
            return state.scheduled ? (items, snapshot) : nil
        }
        beginTraining()
        guard let (items, snapshot) = work else { return index.settle() }
        for item in items {
            guard perform(item, snapshot) else {
                state.withLock { $0.stopped = true }
                return
            }
        }
        queue.async { self.run() }
    }

    /// A chunk of new rows, a chunk of reused slots and a step of a removal, as far as there are any.
    private func items(of state: inout State, _ snapshot: Snapshot) -> [Work] {
        var items: [Work] = []
        let range = snapshot.indexedEnd..<min(snapshot.rowEnd, snapshot.indexedEnd + Self.chunk)
        if !range.isEmpty { items.append(.range(range)) }
        if !snapshot.waiting.isEmpty { items.append(.waiting(Array(snapshot.waiting.prefix(Self.chunk)))) }
        if state.removal == nil, state.retired.count >= max(Self.fewestRemoved, index.count / Self.removedPart),
            let work = index.removal(of: state.retired)
        {
            state.removal = Removal(ordinals: state.retired, work: work)
            state.retired = []
        }
        if let removal = state.removal { items.append(.removal(removal)) }
        if let training = state.training, training.hasLearnt { items.append(.training(training.work)) }
        return items
    }

    private func perform(_ item: Work, _ snapshot: Snapshot) -> Bool {
        let visibility = SendableVisibility(Visibility(stamps: facts.stamps, sequence: snapshot.sequence))
        do throws(JadeError) {
            switch item {
            case .range(let range):
                try index.build(
                    range, workers: context.builders, include: { visibility.value.contains($0) }, progress: nil)
                snapshots.publish { $0.indexedEnd = range.upperBound }
            case .waiting(let ordinals):
                // A row that died in the graph and came back before its node went is there already.
                try index.build(
                    ordinals, workers: context.builders,
                    include: { [index] in visibility.value.contains($0) && !index.contains($0) })
                snapshots.publish { $0.waiting.removeFirst(ordinals.count) }
            case .removal(let removal):
                if removal.work.advance(workers: context.builders) { finish(removal) }
            case .training(let training):
                advance(training)
            }
        } catch {
            context.logger.error("the index cannot grow; searches scan what it lacks", metadata: [
                "database": "\(context.name)", "error": "\(error)",
            ])
            return false
        }
        return true
    }

    private func finish(_ removal: Removal) {
        let gone = Set(removal.ordinals)
        snapshots.publish { $0.waiting.removeAll { gone.contains($0) } }
        let epoch = snapshots.beginEpoch()
        state.withLock { state in
            state.removal = nil
            state.removed.append((removal.ordinals, epoch))
        }
    }
}

// MARK: training

extension IndexBuilder {
    /// Begins to learn where the index says that it is due and memory is there.
    private func beginTraining() {
        let changes = index.changes
        let mayBegin = state.withLock { !$0.stopped && $0.training == nil && changes >= $0.trainsFrom }
        guard mayBegin, let bytes = index.trainingBytes else { return }
        do throws(JadeError) {
            try context.memory.take(bytes, for: .databases, "training the index of database \"\(context.name)\"")
        } catch { return postpone(error) }
        guard let training = index.training() else { return context.memory.giveBack(bytes, for: .databases) }
        let begins = state.withLock { state in
            if !state.stopped { state.training = Training(work: training, bytes: bytes) }
            return !state.stopped
        }
        if begins { learning.async { self.learn(training) } } else { context.memory.giveBack(bytes, for: .databases) }
    }

    private func learn(_ training: any IndexTraining) {
        do throws(JadeError) {
            try training.learn(workers: .system(1))
            state.withLock { $0.training?.hasLearnt = true }
            start()
        } catch {
            endTraining()
            if error.code != .cancelled { postpone(error) }
        }
    }

    /// A step of a training that has learnt; one that fails leaves the index as it was.
    private func advance(_ training: any IndexTraining) {
        do throws(JadeError) {
            if try training.advance(workers: context.builders) { endTraining() }
        } catch {
            endTraining()
            postpone(error)
        }
    }

    private func endTraining() {
        let ended = state.withLock { state in
            defer { state.training = nil }
            return state.training
        }
        if let ended { context.memory.giveBack(ended.bytes, for: .databases) }
    }

    /// The next try comes when much has changed.
    private func postpone(_ error: JadeError) {
        let next = index.changes + max(index.count / Self.retriedPart, Self.chunk)
        state.withLock { $0.trainsFrom = next }
        context.logger.warning("the index was not trained; it serves as it was", metadata: [
            "database": "\(context.name)", "error": "\(error)",
        ])
    }

    private static let retriedPart = 8
}

/// `@unchecked Sendable`: the stamps outlive the builder, and are read atomically.
private struct SendableVisibility: @unchecked Sendable {
    let value: Visibility
    init(_ value: Visibility) { self.value = value }
}
