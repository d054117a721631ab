internal import Dispatch
internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeStorage
internal import Synchronization

/// A shard's state, held for copying until it is let go.
final class HeldSnapshot: Sendable {
    let snapshot: ShardSnapshot
    private let writer: ShardWriter
    private let reader: Snapshots.Reader
    private struct State {
        var holdsCheckpoints = true
        var holdsRows = true
    }
    private let state = Mutex(State())

    init(_ snapshot: ShardSnapshot, _ reader: Snapshots.Reader, _ writer: ShardWriter) {
        self.snapshot = snapshot
        self.reader = reader
        self.writer = writer
    }

    deinit { release() }

    /// Checkpoints may run again: what they change has been copied.
    func releaseCheckpoints() {
        let held = state.withLock { state in
            defer { state.holdsCheckpoints = false }
            return state.holdsCheckpoints
        }
        if held { writer.releaseCheckpoints() }
    }

    /// Rows that have died since may be given away.
    func release() {
        releaseCheckpoints()
        let held = state.withLock { state in
            defer { state.holdsRows = false }
            return state.holdsRows
        }
        if held { writer.snapshots.letGo(reader) }
    }
}

extension ShardWriter {
    /// The shard's state of now, for copying while writes go on. Reads at it keep rows from being given away, and checkpoints
    /// wait until the copy has metadata.
    func holdSnapshot() throws(JadeError) -> HeldSnapshot {
        try performBetweenGroups { () throws(JadeError) in
            let purged = try self.purgeDead()
            let index = try self.saveChangedIndex()
            let (view, reader) = self.snapshots.hold()
            let facts = self.facts
            do throws(JadeError) {
                let snapshot = try self.storage.snapshot(
                    dead: purged, liveCount: view.storedCount, index: index, at: self.context.clock.wallMilliseconds
                ) { ordinal in
                    Visibility(stamps: facts.stamps, sequence: view.sequence).contains(UInt32(ordinal))
                }
                self.noteCheckpoint()
                self.checkpointHolds += 1
                return HeldSnapshot(snapshot, reader, self)
            } catch {
                self.snapshots.letGo(reader)
                throw error
            }
        }
    }

    fileprivate func releaseCheckpoints() {
        errand { [self] in
            checkpointHolds -= 1
            performDueWork()
        }
    }

    /// Runs `body` between two groups, however many writes wait, and waits for it.
    func performBetweenGroups<Value: Sendable>(
        _ body: @escaping @Sendable () throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        let outcome = Outcome<Value>()
        errand {
            do throws(JadeError) { outcome.set(.success(try body())) } catch { outcome.set(.failure(error)) }
        }
        return try outcome.wait().get()
    }
}

/// A result that one thread waits for.
private final class Outcome<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, JadeError>?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func set(_ value: Result<Value, JadeError>) {
        result.withLock { $0 = value }
        isThere.signal()
    }

    func wait() -> Result<Value, JadeError> {
        isThere.wait()
        return result.withLock { $0 } ?? .failure(.internal("an errand of the writer ended without a result"))
    }
}
