internal import Dispatch
internal import Foundation
internal import Synchronization

/// A bounded number of threads that run searches: page faults and long scans block these and nobody else.
///
/// `@unchecked Sendable`: the queue is behind a mutex; the semaphore is thread-safe and merely not marked so.
final class WorkerPool: @unchecked Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var head = 0
        var stopped = false
    }

    /// Finished jobs that may wait to be dropped from the queue's front.
    private static let compactAfter = 1024

    let threadCount: Int
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    init(threads: Int, name: String) {
        threadCount = threads
        for index in 0..<threads {
            let thread = Thread { [weak self] in
                while let work = self?.work {
                    work.wait()
                    guard let job = self?.next() else { return }
                    job()
                }
            }
            thread.name = "\(name)-\(index)"
            thread.start()
        }
    }

    /// Runs `body` on one of the threads, in order of arrival.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: body()) }
        }
    }

    /// Ends the threads once all submitted work is done.
    func stop() {
        state.withLock { $0.stopped = true }
        for _ in 0..<threadCount { work.signal() }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(job) }
        work.signal()
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.head < state.jobs.count else { return nil }
            let job = state.jobs[state.head]
            state.head += 1
            if state.head == state.jobs.count || state.head == Self.compactAfter {
                state.jobs.removeFirst(state.head)
                state.head = 0
            }
            return job
        }
    }
}
