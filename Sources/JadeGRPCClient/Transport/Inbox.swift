internal import JadeProto
internal import NIOCore
internal import Synchronization

/// Messages of one call on their way from the event loop to the task that waits for them. One task may wait at a time.
final class Inbox: Sendable {
    typealias Outcome = Result<ByteBuffer?, CallEnd>

    /// Messages that wait before no more are read.
    private static let capacity = 4

    private struct State {
        var messages: [ByteBuffer] = []
        var ending: Outcome?
        var waiting: CheckedContinuation<Outcome, Never>?
        var readOn: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// - Parameter readOn: Called when there is room again.
    func attach(readOn: @escaping @Sendable () -> Void) { state.withLock { $0.readOn = readOn } }

    var hasRoom: Bool { state.withLock { $0.messages.count < Self.capacity } }

    func put(_ message: ByteBuffer) {
        let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            guard let waiting = state.waiting else {
                state.messages.append(message)
                return nil
            }
            state.waiting = nil
            return waiting
        }
        waiting?.resume(returning: .success(message))
    }

    /// No message follows: nil for a call that went well. The first ending stands.
    func end(_ end: CallEnd?) {
        let outcome: Outcome = end.map { .failure($0) } ?? .success(nil)
        let waiting: CheckedContinuation<Outcome, Never>? = state.withLock { state in
            if state.ending == nil { state.ending = outcome }
            guard state.messages.isEmpty else { return nil }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: outcome)
    }

    /// The next message, nil behind the last one.
    func next() async -> Outcome {
        await withCheckedContinuation { continuation in
            let (ready, readOn): (Outcome?, (@Sendable () -> Void)?) = state.withLock { state in
                if !state.messages.isEmpty {
                    let wasFull = state.messages.count >= Self.capacity
                    return (.success(state.messages.removeFirst()), wasFull ? state.readOn : nil)
                }
                if let ending = state.ending { return (ending, nil) }
                state.waiting = continuation
                return (nil, nil)
            }
            readOn?()
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
