internal import Dispatch
internal import JadeCore
internal import JadeIO
internal import Synchronization

/// One piece of long work, on a thread of its own.
final class Job: Sendable {
    let id: String
    let kind: String
    private let clock: any Clock
    private let state: Mutex<JobDescription>
    private let cancelled = Atomic(false)
    private let ended = DispatchGroup()

    init(id: String, kind: String, database: String?, clock: any Clock) {
        self.id = id
        self.kind = kind
        self.clock = clock
        state = Mutex(
            JobDescription(id: id, kind: kind, database: database, startedAtMilliseconds: clock.wallMilliseconds))
    }

    var description: JobDescription { state.withLock { $0 } }
    var isRunning: Bool { state.withLock { $0.state == .running } }
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    /// Returns once the work has ended.
    func wait() { ended.wait() }

    /// Begins the work; what it returns is what it found.
    func start(_ work: @escaping @Sendable (Job) throws(JadeError) -> FindingList) {
        ended.enter()
        DispatchQueue.global(qos: .utility).async {
            self.run(work)
            self.ended.leave()
        }
    }

    private func run(_ work: (Job) throws(JadeError) -> FindingList) {
        do throws(JadeError) {
            let findings = try work(self)
            end(isCancelled ? .cancelled : .done) { job in
                job.findings = findings.all
                job.damageCount = findings.damageCount
                job.warningCount = findings.warningCount
            }
        } catch {
            end(error.code == .cancelled ? .cancelled : .failed) { if error.code != .cancelled { $0.problem = error.message } }
        }
    }

    private func end(_ result: JobDescription.State, _ change: (inout JobDescription) -> Void) {
        let now = clock.wallMilliseconds
        state.withLock { job in
            change(&job)
            job.state = result
            job.finishedAtMilliseconds = now
        }
    }

    /// `cancelled` when nobody wants the work any more.
    func requireWanted() throws(JadeError) {
        if isCancelled { throw .cancelled("job \(id) was cancelled") }
    }

    /// Says how far the work is; `cancelled` when nobody wants it any more.
    func progress(_ stage: String, _ done: Int, _ total: Int) throws(JadeError) {
        state.withLock { job in (job.stage, job.done, job.total) = (stage, done, total) }
        try requireWanted()
    }
}
