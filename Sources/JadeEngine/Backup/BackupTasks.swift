internal import Dispatch
internal import JadeCore
internal import JadeIO
internal import Synchronization

/// Work on backups that is under way, and the last that ended.
final class BackupTasks: Sendable {
    private struct Entry {
        var task: BackupTask
        var handle: Task<Void, Never>?
        /// What nobody else may work on meanwhile.
        var claim: String?
    }

    private struct State {
        /// In the order of their beginning.
        var entries: [Entry] = []
        var isStopped = false
    }

    private let state = Mutex(State())
    private let running = DispatchGroup()
    private let pool: WorkerPool
    private let clock: any Clock
    private let random: any RandomSource

    init(clock: any Clock, random: any RandomSource) {
        // A backup reads and compares: it stands behind searches and writes for processor time, and still gets a tenth of a busy processor.
        pool = WorkerPool(threads: 2, name: "jade-backup", niceness: 10)
        self.clock = clock
        self.random = random
    }

    var all: [BackupTask] { state.withLock { $0.entries.map(\.task) } }

    func find(_ id: String) throws(JadeError) -> BackupTask {
        guard let task = all.first(where: { $0.id == id }) else { throw .notFound("there is no backup task \(id.debugDescription)") }
        return task
    }

    /// Starts work that goes on behind the answer.
    ///
    /// - Parameters:
    ///   - claim: what the work wants for itself; `conflict` while others have it.
    ///   - body: reports by the id it is given, and looks for cancellation now and then.
    ///   - ended: called once others may have what was claimed.
    func start(
        _ kind: BackupTask.Kind, target: String, database: String, claim: String? = nil,
        body: @escaping @Sendable (String) async throws(JadeError) -> Void, ended: @escaping @Sendable () -> Void = {}
    ) throws(JadeError) -> BackupTask {
        let task = BackupTask(
            id: random.uniqueID().hexadecimal, kind: kind, target: target, database: database,
            startedMilliseconds: clock.wallMilliseconds)
        try insert(Entry(task: task, handle: nil, claim: claim))
        let handle = Task(executorPreference: pool) { [self] in
            do throws(JadeError) {
                try await body(task.id)
                finish(task.id, nil)
            } catch {
                finish(task.id, error)
            }
            ended()
            running.leave()
        }
        state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.task.id == task.id }) else { return }
            state.entries[index].handle = handle
            if state.isStopped { handle.cancel() }
        }
        return task
    }

    /// Whoever stops all from now on waits for the entry's end.
    private func insert(_ entry: Entry) throws(JadeError) {
        let refusal = state.withLock { state -> JadeError? in
            if state.isStopped { return .unavailable("the engine is shutting down") }
            let busy = state.entries.filter { $0.task.state == .running }
            if let claim = entry.claim, let other = busy.first(where: { $0.claim == claim }) {
                return .conflict("task \(other.task.id) is at work on \(entry.task.database) already")
            }
            guard busy.count < Limits.maximumBackupTasks else { return .overloaded("\(busy.count) backup tasks are under way: wait for one to end") }
            while state.entries.count >= Limits.maximumBackupTasks, let old = state.entries.firstIndex(where: { $0.task.state != .running }) {
                state.entries.remove(at: old)
            }
            state.entries.append(entry)
            running.enter()
            return nil
        }
        if let refusal { throw refusal }
    }

    func update(_ id: String, _ change: (inout BackupTask) -> Void) {
        state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.task.id == id }) else { return }
            change(&state.entries[index].task)
        }
    }

    private func finish(_ id: String, _ error: JadeError?) {
        let now = clock.wallMilliseconds
        update(id) { task in
            task.state = error == nil ? .succeeded : error?.code == .cancelled ? .cancelled : .failed
            task.failure = error
            task.finishedMilliseconds = now
        }
    }

    func cancel(_ id: String) throws(JadeError) -> BackupTask {
        _ = try find(id)
        state.withLock { $0.entries.first { $0.task.id == id }?.handle }?.cancel()
        return try find(id)
    }

    /// Runs work whose answer is waited for on the same threads.
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws(JadeError) -> Value) async throws(JadeError) -> Value {
        let result = await Task(executorPreference: pool) { () async -> Result<Value, JadeError> in
            do throws(JadeError) { return .success(try await body()) } catch { return .failure(error) }
        }.value
        return try result.get()
    }

    /// Runs work that nobody waits for, unless all is about to end.
    func runBehind(_ body: @escaping @Sendable () async -> Void) {
        let mayRun = state.withLock { state in
            if !state.isStopped { running.enter() }
            return !state.isStopped
        }
        guard mayRun else { return }
        let handle = Task(executorPreference: pool) { [running] in
            await body()
            running.leave()
        }
        if state.withLock({ $0.isStopped }) { handle.cancel() }
    }

    /// Cancels everything and waits until it has ended.
    func stop() {
        let handles = state.withLock { state in
            state.isStopped = true
            return state.entries.compactMap(\.handle)
        }
        for handle in handles { handle.cancel() }
        running.wait()
        pool.stop()
    }
}

/// Lets other tasks of the same threads have a turn, and throws when the one that runs this was asked to end.
func takeTurns() async throws(JadeError) {
    await Task.yield()
    try requireNotCancelled()
}

/// Throws when the task that runs this was asked to end.
func requireNotCancelled() throws(JadeError) {
    if Task.isCancelled { throw .cancelled("the task was cancelled") }
}

extension Limits {
    /// Backup tasks that are under way or remembered.
    static let maximumBackupTasks = 100
    /// Schedules on one node.
    static let maximumBackupSchedules = 1_000
}
