internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// A bounded number of threads for work that computes or waits for pages: it blocks these and nobody else.
///
/// The pool is a task executor too: a server that runs its requests on it saves a search the way to another thread and back.
///
/// `@unchecked Sendable`: the queue is behind a mutex; the semaphore is thread-safe and merely not marked so.
final class WorkerPool: TaskExecutor, @unchecked Sendable {
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
    private let mark = ThreadMark()

    /// - Parameter niceness: how far behind others the threads stand for processor time, 0 to 19.
    init(threads: Int, name: String, niceness: Int32 = 0) {
        threadCount = threads
        for index in 0..<threads {
            let thread = Thread { [weak self, mark] in
                Thread.current.name = "\(name)-\(index)"
                mark.set()
                // On Linux the priority is the thread's own. Not to get it only means to compete.
                if niceness > 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                while let work = self?.work {
                    work.wait()
                    guard let job = self?.next() else { return }
                    job()
                }
            }
            thread.start()
        }
    }

    /// Runs `body` on one of the threads, in order of arrival; at once where the caller is on one already.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        if isCurrent { return body() }
        return await withCheckedContinuation { continuation in
            submit { continuation.resume(returning: body()) }
        }
    }

    /// Whether the calling thread is one of the pool's.
    private var isCurrent: Bool { mark.isSet }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        submit { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// Runs `body` on all threads, as each comes free, and waits for all of them.
    func runOnAll(_ body: @escaping @Sendable () -> Void) {
        let group = DispatchGroup()
        for _ in 0..<threadCount {
            group.enter()
            submit {
                body()
                group.leave()
            }
        }
        group.wait()
    }

    /// Ends the threads once all submitted work is done.
    func stop() {
        state.withLock { $0.stopped = true }
        for _ in 0..<threadCount { work.signal() }
    }

    /// Jobs that come after the end run where they are: nobody waits for an answer that never comes.
    private func submit(_ job: @escaping @Sendable () -> Void) {
        let accepted = state.withLock { state in
            if !state.stopped { state.jobs.append(job) }
            return !state.stopped
        }
        if accepted { work.signal() } else { job() }
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

/// Tells the threads it was set on from all others, for the price of a look into the thread's own memory.
private final class ThreadMark: Sendable {
    private let key: pthread_key_t

    init() {
        var key = pthread_key_t()
        // Fails only when the process has used up its thousand keys: each engine takes two.
        precondition(pthread_key_create(&key, nil) == 0, "no thread-specific key is left")
        self.key = key
    }

    deinit { pthread_key_delete(key) }

    func set() { pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1)) }

    var isSet: Bool { pthread_getspecific(key) != nil }
}
