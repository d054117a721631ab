internal import JadeAPI
internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import SwiftProtobuf

/// One method of the interface, and what answers it.
struct Method: Sendable {
    /// From a message to the message that answers it, with its prefix.
    typealias Handler = @Sendable (ByteBuffer, Call) async throws(CallFailure) -> ByteBuffer
    /// From a message to any number of them.
    typealias Producer = @Sendable (ByteBuffer, Call, Answers) async throws(CallFailure) -> Void

    enum Shape: Sendable {
        /// One message is answered by one.
        case unary(Handler)
        /// Each message is answered by one, so many of them at a time.
        case each(atATime: Int, Order, Handler)
        /// One message is answered by any number.
        case answers(Producer)
    }

    /// What the messages of one call have to do with each other.
    enum Order: Sendable {
        case any
        /// Each waits at ``Call/turn`` until those in front of it are answered, and is not handled where one of them failed: what
        /// follows is read and checked meanwhile.
        case asSent
    }

    /// `/jadevectordb.v1.SearchService/Search`.
    let path: String
    let shape: Shape
    /// What it asks of its caller before anything of a message is looked at; the services ask again for each request.
    let needs: Need
    /// Bytes of one message, where that is less than the door admits: nobody has to be known for an open method.
    private(set) var maximumMessageBytes: Int

    private init(_ path: String, _ needs: Need, _ shape: Shape) {
        self.path = path
        self.needs = needs
        self.shape = shape
        maximumMessageBytes = needs == .nothing ? Limits.maximumOpenMessageBytes : .max
    }

    /// The same with smaller messages.
    func limited(to bytes: Int) -> Method {
        var method = self
        method.maximumMessageBytes = min(bytes, maximumMessageBytes)
        return method
    }

    static func unary<Question: Message, Answer: Message>(
        _ path: String, needs: Need, _ body: @escaping @Sendable (Question, Call) async throws(JadeError) -> Answer
    ) -> Method {
        Method(path, needs, .unary(handler(body)))
    }

    static func each<Question: Message, Answer: Message>(
        _ path: String, needs: Need, atATime: Int, order: Order = .any,
        _ body: @escaping @Sendable (Question, Call) async throws(JadeError) -> Answer
    ) -> Method {
        Method(path, needs, .each(atATime: atATime, order, handler(body)))
    }

    static func answers<Question: Message>(
        _ path: String, needs: Need, _ body: @escaping @Sendable (Question, Call, Answers) async throws(JadeError) -> Void
    ) -> Method {
        Method(
            path, needs,
            .answers { (bytes, call, answers) throws(CallFailure) in
                do throws(JadeError) { try await body(Framing.decode(from: bytes), call, answers) } catch { throw CallFailure(error) }
            })
    }

    var isOpen: Bool { needs == .nothing }

    var order: Order {
        if case .each(_, let order, _) = shape { order } else { .any }
    }

    private static func handler<Question: Message, Answer: Message>(
        _ body: @escaping @Sendable (Question, Call) async throws(JadeError) -> Answer
    ) -> Handler {
        { (bytes, call) throws(CallFailure) in
            do throws(JadeError) {
                return try Framing.encode(try await body(Framing.decode(from: bytes), call))
            } catch {
                throw CallFailure(error)
            }
        }
    }
}

/// A call as its handler sees it.
struct Call: Sendable {
    let door: GRPCDoor
    /// What the caller may use.
    let services: CallerServices
    let origin: RequestOrigin
    let turn: Turn
}

extension Call {
    /// What makes vectors of texts for the caller.
    var texts: TextVectors {
        get throws(JadeError) { TextVectors(door.settings.embeddings, for: try services.databases) }
    }
}
