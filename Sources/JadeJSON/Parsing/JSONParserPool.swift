package import JadeCore
internal import Synchronization

/// Parsers for any number of threads: one is lent for a document and comes back with its buffers.
///
/// What waits here is bounded in number and in memory: beyond that, parsers that come back are let go.
package final class JSONParserPool: Sendable {
    /// For documents up to the default limits.
    package static let shared = JSONParserPool()

    /// Parsers that wait at most; more may be lent at a time.
    static let maximumIdle = 64
    /// Bytes of document that all waiting parsers together have room for. A parser reserves about 14 bytes for each of
    /// them, of which documents full of numbers touch about 3.
    static let maximumIdleCapacity = 32 * 1024 * 1024

    /// A parser between two owners. It is reached through the pool's lock or by the one borrower who took it out, never
    /// by two threads: hence the unchecked conformance.
    private struct Idle: @unchecked Sendable { let parser: JSONParser }

    private struct State: Sendable {
        var idle: [Idle] = []
        /// Sum of the parsers' capacities.
        var capacity = 0
    }

    private let state = Mutex(State())
    private let maximumBytes: Int
    private let maximumDepth: Int

    package init(maximumBytes: Int = Limits.defaultMaximumBodyBytes, maximumDepth: Int = Limits.maximumJSONDepth) {
        self.maximumBytes = maximumBytes
        self.maximumDepth = maximumDepth
    }

    /// Parses a document with a parser of the pool: see ``JSONParser/withDocument(_:slack:_:)``.
    package func withDocument<Result>(
        _ bytes: UnsafeRawBufferPointer, slack: Int = 0, _ body: (JSONElement) throws(JadeError) -> Result
    ) throws(JadeError) -> Result {
        let parser = try take()
        defer { giveBack(parser) }
        return try parser.withDocument(bytes, slack: slack, body)
    }

    /// Parses the bytes of an array.
    package func withDocument<Result>(
        _ bytes: [UInt8], _ body: (JSONElement) throws(JadeError) -> Result
    ) throws(JadeError) -> Result {
        try bytes.withRawBytes { (buffer) throws(JadeError) in try withDocument(buffer, body) }
    }

    /// Parsers that wait to be lent.
    package var idleCount: Int { state.withLock { $0.idle.count } }

    private func take() throws(JadeError) -> JSONParser {
        let waiting = state.withLock { state in
            let last = state.idle.popLast()
            state.capacity -= last?.parser.capacity ?? 0
            return last
        }
        if let waiting { return waiting.parser }
        return try JSONParser(maximumBytes: maximumBytes, maximumDepth: maximumDepth)
    }

    private func giveBack(_ parser: JSONParser) {
        let returned = Idle(parser: parser)
        state.withLock { state in
            let capacity = state.capacity + returned.parser.capacity
            guard state.idle.count < Self.maximumIdle, capacity <= Self.maximumIdleCapacity else { return }
            state.idle.append(returned)
            state.capacity = capacity
        }
    }
}
