internal import JadeAPI
internal import JadeCore
internal import JadeProto
internal import NIOCore

/// A call whose headers have come.
struct OpenCall {
    let method: Method
    let head: CallHead
    var state: CallState
    /// What works for it, by number.
    var tasks: [Int: Task<Bool, Never>] = [:]
    var begun = 0
    /// Bytes that it holds of all calls' share.
    var held = 0
    var headIsSent = false
    var deadline: Scheduled<Void>?
    /// Ends a unary call whose message does not come.
    var arrival: Scheduled<Void>?
    var admission: Task<Void, Never>?
    let begin = NIODeadline.now()
    let loop: any EventLoop

    init(_ method: Method, _ head: CallHead, state: CallState, loop: any EventLoop) {
        self.loop = loop
        self.method = method
        self.head = head
        self.state = state
    }
}

extension Method {
    /// Whether one message is all that a client sends.
    var takesOne: Bool {
        if case .each = shape { false } else { true }
    }
}

/// The place of a message among those of its call that are handled as they were sent.
struct Turn: Sendable {
    private let front: Task<Bool, Never>?

    /// - Parameter behind: What answers the message in front, and says whether it was answered well; nil where nothing is waited for.
    init(behind front: Task<Bool, Never>?) { self.front = front }

    /// Waits for the message in front; false where that failed.
    var came: Bool {
        get async { await front?.value ?? true }
    }

    /// Waits until it is this message's turn.
    ///
    /// - Throws: `cancelled` where the turn never comes, for a message in front failed or the call is over.
    func comes() async throws(JadeError) {
        guard await came, !Task.isCancelled else { throw .cancelled("the call ended before its turn") }
    }
}

/// What a task has to know of the call that it works for.
struct CallEntry: Sendable {
    let method: Method
    let credential: Credential
    let origin: RequestOrigin
    /// Whether answers are packed.
    let isPacked: Bool
}

extension OpenCall {
    var entry: CallEntry { CallEntry(method: method, credential: head.credential, origin: head.origin, isPacked: head.isPacked) }
}

// MARK: Deadlines and tasks

extension CallHandler {
    /// Ends the call when the caller no longer waits, and a unary call that does not arrive.
    func watchDeadline(_ timeout: Int64?) {
        guard let loop = context?.eventLoop.assumeIsolated() else { return }
        if let timeout {
            let late = CallFailure(.deadlineExceeded, .cancelled("the call's deadline passed"))
            open?.deadline = loop.scheduleTask(in: .nanoseconds(timeout)) { [self] in finish(late) }
        }
        guard open?.method.takesOne == true else { return }
        let patience = door.settings.requestTimeout
        open?.arrival = loop.scheduleTask(in: patience) { [self] in
            finish(CallFailure(.cancelled("the call did not arrive within \(patience.nanoseconds / 1_000_000_000) seconds")))
        }
    }

    /// Finds out whether the caller may come in before more of the call is read. What the caller may use is asked again for each
    /// message: what was revoked meanwhile is gone at once.
    func admit(_ call: OpenCall) {
        guard let loop = context?.eventLoop else { return }
        let (door, handler, call) = (door, NIOLoopBound(self, eventLoop: loop), call.entry)
        let channel = connection.channel
        open?.admission = Task(executorPreference: door.settings.executor) {
            let outcome: Result<CallerServices, CallFailure>
            do throws(JadeError) {
                outcome = .success(try await door.admit(call, on: channel))
            } catch {
                outcome = .failure(CallFailure(error))
            }
            loop.execute { handler.value.admitted(outcome) }
        }
    }

    private func admitted(_ outcome: Result<CallerServices, CallFailure>) {
        switch outcome {
        case .success:
            open?.state.admit()
            proceed()
        case .failure(let failure): finish(failure)
        }
    }

    /// Lets a task answer a message.
    func work(on message: MessageReader.Piece) {
        guard let call = open, let loop = context?.eventLoop else { return }
        let number = call.begun
        open?.begun += 1
        connection.running += 1
        let answers = Answers(self, loop: loop, isPacked: call.head.isPacked)
        let handler = NIOLoopBound(self, eventLoop: loop)
        let (door, entry, channel) = (door, call.entry, connection.channel)
        let bytes = message.bytes.readableBytes + Framing.prefixBytes
        let turn = Turn(behind: call.method.order == .asSent ? call.tasks[number - 1] : nil)
        open?.tasks[number] = Task(executorPreference: door.settings.executor) {
            let outcome: Result<ByteBuffer?, CallFailure>
            do throws(CallFailure) {
                outcome = .success(try await door.answer(message, entry, on: channel, answers, turn))
            } catch {
                outcome = .failure(error)
            }
            // What is wrong with a message is told behind the answers to those in front.
            _ = await turn.came
            loop.execute { handler.value.completed(number, bytes, outcome) }
            return (try? outcome.get()) != nil
        }
    }
}
