package import JadeCore
internal import Synchronization

/// Parsers for any number of threads: one is lent for a document and comes back with its buffers.
///
/// Parsers that have grown large are let go instead, so that one huge document does not keep its memory for ever.
package final class JSONParserPool: Sendable {
    /// For documents up to the default limits.
    package static let shared = JSONParserPool()

    /// Parsers that wait at most; more may be lent at a time.
    static let maximumIdle = 64
    /// Capacity, in bytes of document, above which a parser is not kept (its buffers are about 14 times that).
    static let maximumKeptCapacity = 4 * 1024 * 1024

    /// A parser between two owners. It is reached through the pool's lock or by the one borrower who took it out, never
    /// by two threads: hence the unchecked conformance.
    private struct Idle: @unchecked Sendable { let parser: JSONParser }

    private let idle = Mutex<[Idle]>([])
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
    package var idleCount: Int { idle.withLock { $0.count } }

    private func take() throws(JadeError) -> JSONParser {
        if let waiting = idle.withLock({ $0.popLast() }) { return waiting.parser }
        return try JSONParser(maximumBytes: maximumBytes, maximumDepth: maximumDepth)
    }

    private func giveBack(_ parser: JSONParser) {
        guard parser.capacity <= Self.maximumKeptCapacity else { return }
        let returned = Idle(parser: parser)
        idle.withLock { if $0.count < Self.maximumIdle { $0.append(returned) } }
    }
}
