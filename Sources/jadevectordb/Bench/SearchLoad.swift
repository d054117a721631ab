import Foundation
import JadeCore
import Synchronization

/// Sends searches over several connections, each from a thread of its own, until the time is up.
struct SearchLoad: Sendable {
    struct Measured {
        let count: Int
        let seconds: Double
        let cpuSeconds: Double
    }

    private let endpoint: Endpoint
    private let requests: [[UInt8]]

    /// - Parameter bodies: The searches as JSON, sent in turn.
    init(url: String, database: String, bodies: [[UInt8]]) throws(JadeError) {
        let endpoint = try Endpoint(url: url)
        let head = "POST \(endpoint.path)/v1/databases/\(database)/search HTTP/1.1\r\nhost: \(endpoint.host)\r\ncontent-type: application/json\r\ncontent-length: "
        self.endpoint = endpoint
        requests = bodies.map { Array("\(head)\($0.count)\r\n\r\n".utf8) + $0 }
    }

    func run(connections: Int, seconds: Double) async throws(JadeError) -> Measured {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Measured, JadeError>, Never>) in
            // A thread that may block: the pool of tasks must not.
            Thread.detachNewThread { continuation.resume(returning: measure(connections, seconds)) }
        }
        return try result.get()
    }

    private func measure(_ connections: Int, _ seconds: Double) -> Result<Measured, JadeError> {
        let failure = Mutex<JadeError?>(nil)
        let answered = Atomic(0)
        let watch = Stopwatch()
        DispatchQueue.concurrentThreads(connections) { connection in
            do throws(JadeError) {
                let count = try converse(from: connection, step: connections) { watch.seconds < seconds }
                answered.wrappingAdd(count, ordering: .relaxed)
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { return .failure(error) }
        return .success(Measured(count: answered.load(ordering: .relaxed), seconds: watch.seconds, cpuSeconds: watch.cpuSeconds))
    }

    private func converse(from start: Int, step: Int, while goesOn: () -> Bool) throws(JadeError) -> Int {
        let connection = try HTTPConnection(endpoint)
        var count = 0
        while goesOn() {
            try connection.exchange(requests[(start + count * step) % requests.count])
            count += 1
        }
        return count
    }
}

extension DispatchQueue {
    /// Runs the body on so many threads at the same time, however few processors there are.
    fileprivate static func concurrentThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(index)
                group.leave()
            }
        }
        group.wait()
    }
}
