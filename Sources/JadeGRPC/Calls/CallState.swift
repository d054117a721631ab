internal import JadeCore
internal import JadeProto
internal import NIOCore

/// What one call is doing, and what follows from each event. Pure: ``CallHandler`` carries it out.
struct CallState {
    enum Action {
        case none
        /// Begin to work on a message.
        case work(MessageReader.Piece)
        /// All messages are answered: end well.
        case finish
        case fail(CallFailure)
    }

    private let takesOne: Bool
    private let atATime: Int
    private let order: Method.Order
    private var reader: MessageReader
    private var isAdmitted: Bool
    private var begun = 0
    private(set) var underWay = 0
    private(set) var inputEnded = false
    /// Whether the status was sent, or nobody is there to read it.
    private(set) var isOver = false
    private var isDraining = false
    /// What is wrong with a message whose turn has not come.
    private var failure: CallFailure?

    /// - Parameters:
    ///   - isAdmitted: false until it is known what the caller may use; messages wait for it.
    init(_ shape: Method.Shape, maximumMessageBytes: Int, acceptsPacked: Bool, isAdmitted: Bool) {
        switch shape {
        case .unary, .answers: (takesOne, atATime, order) = (true, 1, .any)
        case .each(let atATime, let order, _): (takesOne, self.atATime, self.order) = (false, atATime, order)
        }
        reader = MessageReader(maximumBytes: maximumMessageBytes, acceptsPacked: acceptsPacked)
        self.isAdmitted = isAdmitted
    }

    /// Whether more bytes may be read: not while what is there already waits.
    var wantsInput: Bool { !isOver && !inputEnded && failure == nil && (takesOne || (isAdmitted && underWay < atATime)) }

    mutating func read(_ bytes: ByteBuffer) {
        guard !isOver else { return }
        reader.append(bytes)
    }

    mutating func readEnd() { inputEnded = true }
    mutating func admit() { isAdmitted = true }
    mutating func drain() { isDraining = true }
    mutating func completed() { underWay -= 1 }
    mutating func end() { isOver = true }

    /// The next thing to do; asked again until it is ``Action/none``.
    mutating func next() -> Action {
        guard !isOver, isAdmitted else { return .none }
        if let failure { return underWay == 0 ? .fail(failure) : .none }
        // What takes one message begins once nothing can follow it.
        if takesOne, !inputEnded { return refuseEarly() }
        do throws(CallFailure) {
            if underWay < atATime, let message = try reader.nextPiece() {
                guard !takesOne || (begun == 0 && reader.pendingBytes == 0) else { throw Self.surplus }
                (begun, underWay) = (begun + 1, underWay + 1)
                return .work(message)
            }
            return try whenIdle()
        } catch {
            // Those in front are answered first.
            guard order == .asSent, underWay > 0 else { return .fail(error) }
            failure = error
            return .none
        }
    }

    private func whenIdle() throws(CallFailure) -> Action {
        guard underWay < atATime else { return .none }
        if inputEnded, reader.pendingBytes > 0 {
            throw CallFailure(.internal, .invalidArgument("the call ended in the middle of a message"))
        }
        guard underWay == 0 else { return .none }
        if inputEnded {
            guard !takesOne || begun > 0 else { throw CallFailure(.internal, .invalidArgument("the call ended without a message")) }
            return takesOne ? .none : .finish
        }
        if isDraining { throw CallFailure(.unavailable("the server is stopping")) }
        return .none
    }

    /// A message that is too large is refused before it has come.
    private func refuseEarly() -> Action {
        var ahead = reader
        do throws(CallFailure) {
            guard try ahead.next() != nil, ahead.pendingBytes > 0 else { return .none }
            return .fail(Self.surplus)
        } catch {
            return .fail(error)
        }
    }

    private static let surplus = CallFailure(.internal, .invalidArgument("the call has more than one message, expected one"))
}
