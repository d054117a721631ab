internal import JadeCore
internal import Synchronization

/// The long work of an engine: what runs, and what has ended of late.
final class JobRegistry: Sendable {
    private struct State {
        var jobs: [Job] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Enters a job; `conflict` while another of its kind runs.
    func add(_ job: Job) throws(JadeError) {
        let refusal: JadeError? = state.withLock { state in
            if state.isClosed { return .unavailable("the engine is shutting down") }
            let running = state.jobs.first { $0.kind == job.kind && $0.isRunning }
            if let running { return .conflict("job \(running.id) does that already: wait for it or cancel it") }
            state.jobs.append(job)
            let ended = state.jobs.filter { !$0.isRunning }
            let forgotten = Set(ended.dropLast(Limits.maximumRememberedJobs).map(\.id))
            state.jobs.removeAll { forgotten.contains($0.id) }
            return nil
        }
        if let refusal { throw refusal }
    }

    func find(_ id: String) throws(JadeError) -> Job {
        guard let job = state.withLock({ $0.jobs.first { $0.id == id } }) else { throw .notFound("job \"\(id)\" does not exist") }
        return job
    }

    /// The newest first.
    var all: [Job] { state.withLock { $0.jobs.reversed() } }

    /// Cancels what runs and takes no more; returns once all have ended.
    func close() {
        let jobs = state.withLock { state in
            state.isClosed = true
            return state.jobs
        }
        for job in jobs { job.cancel() }
        for job in jobs { job.wait() }
    }
}
