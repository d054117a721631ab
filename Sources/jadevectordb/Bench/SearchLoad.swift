import Foundation
import JadeCore
import Synchronization

/// Sends searches over several connections, each from a thread of its own, until the time is up.
struct SearchLoad: Sendable {
    struct Measured {
        let count: Int
        let seconds: Double
        let cpuSeconds: Double
        let latencies: LatencyHistogram
    }

    /// How fast requests are sent.
    enum Pace: Sendable {
        /// The next one when the last is answered.
        case asFastAsAnswered
        /// So many a second over all connections. A latency counts from the moment at which its request was due, so that a server that
        /// stalls does not hide the requests that it kept from being sent.
        case rate(Double)
    }

    private let endpoint: Endpoint
    private let requests: [[UInt8]]

    /// - Parameter bodies: The searches as JSON, sent in turn.
    init(url: String, database: String, bodies: [[UInt8]], type: String = "application/json") throws(JadeError) {
        let endpoint = try Endpoint(url: url)
        let head = "POST \(endpoint.path)/v1/databases/\(database)/search HTTP/1.1\r\nhost: \(endpoint.host)\r\ncontent-type: \(type)\r\ncontent-length: "
        self.endpoint = endpoint
        requests = bodies.map { Array("\(head)\($0.count)\r\n\r\n".utf8) + $0 }
    }

    func run(connections: Int, seconds: Double, pace: Pace = .asFastAsAnswered) async throws(JadeError) -> Measured {
        let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Measured, JadeError>, Never>) in
            // A thread that may block: the pool of tasks must not.
            Thread.detachNewThread { continuation.resume(returning: measure(connections, seconds, pace)) }
        }
        return try result.get()
    }

    private func measure(_ connections: Int, _ seconds: Double, _ pace: Pace) -> Result<Measured, JadeError> {
        let failure = Mutex<JadeError?>(nil)
        let latencies = Mutex(LatencyHistogram())
        let watch = Stopwatch()
        DispatchQueue.concurrentThreads(connections) { connection in
            do throws(JadeError) {
                let own = try converse(from: connection, step: connections, pace, watch) { watch.seconds < seconds }
                latencies.withLock { $0.add(own) }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
        }
        if let error = failure.withLock({ $0 }) { return .failure(error) }
        let all = latencies.withLock { $0 }
        return .success(Measured(count: Int(all.total), seconds: watch.seconds, cpuSeconds: watch.cpuSeconds, latencies: all))
    }

    private func converse(
        from start: Int, step: Int, _ pace: Pace, _ watch: Stopwatch, while goesOn: () -> Bool
    ) throws(JadeError) -> LatencyHistogram {
        let connection = try HTTPConnection(endpoint)
        var latencies = LatencyHistogram()
        var count = 0
        while goesOn() {
            var begin = watch.seconds
            if case .rate(let rate) = pace {
                let due = Double(start + count * step) / rate
                if due > begin { Thread.sleep(forTimeInterval: due - begin) }
                begin = due
            }
            try connection.exchange(requests[(start + count * step) % requests.count])
            latencies.record(microseconds: Int((watch.seconds - begin) * 1_000_000))
            count += 1
        }
        return latencies
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
