package import JadeAPI
internal import JadeCore
internal import JadeProto
package import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// gRPC on one side, an ``AccessControl`` and the services behind it on the other: finds the method, asks who calls, reads messages up to
/// their limit, and turns every error into a status with typed details.
///
/// The layer is our own, over swift-nio-http2 and SwiftProtobuf: docs/decisions says why.
package final class GRPCDoor: Sendable {
    package let settings: GRPCSettings
    let access: any AccessControl
    let methods: [String: Method]
    let ids: RequestIDs
    let draining = Draining()
    let group = MultiThreadedEventLoopGroup.singleton
    private let logger: Logger
    private let heldBytes = Atomic<Int>(0)

    package init(_ access: any AccessControl, settings: GRPCSettings, logger: Logger) {
        self.access = access
        self.settings = settings
        self.logger = logger
        ids = RequestIDs(prefix: "g\(settings.instance)")
        methods = Dictionary(uniqueKeysWithValues: Methods.all.map { ($0.path, $0) })
    }

    /// `/jadevectordb.v1.SearchService/Search` and so on.
    package static var methodPaths: [String] { Methods.all.map(\.path) }

    /// Names of the statuses that a call may end with, by their numbers.
    package static var statusNames: [String] { StatusCode.allCases.map(\.wireName) }

    /// What each method asks of its caller: the table of permissions of this door.
    package static var needs: [(path: String, needs: Need)] { Methods.all.map { ($0.path, $0.needs) } }

    /// From now on the health service says no, so that load balancers look elsewhere.
    package func beginDraining() { draining.begin() }

    /// Who calls, once it is known that the method is for them.
    func admit(_ entry: CallEntry, on channel: any Channel) async throws(JadeError) -> CallerServices {
        guard !entry.method.isOpen else { return CallerServices(nil) }
        var credential = entry.credential
        if credential == .none, let name = await settings.certificateName?(channel) { credential = .certificate(name: name) }
        let caller = try await access.admit(credential, from: entry.origin)
        try await caller.require(entry.method.needs, database: nil)
        return CallerServices(caller)
    }

    /// Answers one message of a call; nil where the method has sent its answers itself.
    func answer(
        _ piece: MessageReader.Piece, _ entry: CallEntry, on channel: any Channel, _ answers: Answers, _ turn: Turn
    ) async throws(CallFailure) -> ByteBuffer? {
        if Task.isCancelled { throw CallFailure(.cancelled("the call was cancelled before it began")) }
        let services: CallerServices
        do throws(JadeError) { services = try await admit(entry, on: channel) } catch { throw CallFailure(error) }
        let call = Call(door: self, services: services, origin: entry.origin, turn: turn)
        var held = 0
        defer { release(held) }
        let message = piece.isPacked ? try unpacked(piece.bytes, limit: entry.method.maximumMessageBytes, held: &held) : piece.bytes
        switch entry.method.shape {
        case .unary(let handler), .each(_, _, let handler):
            return PackedMessages.packed(try await handler(message, call), entry.isPacked)
        case .answers(let producer):
            try await producer(message, call, answers)
            return nil
        }
    }

    // MARK: Memory of messages

    /// Counts bytes of messages that calls under way hold.
    func hold(_ bytes: Int) throws(JadeError) {
        try settings.takeMemory(bytes)
        let total = heldBytes.add(bytes, ordering: .relaxed).newValue
        guard total <= settings.maximumBufferedBytes else {
            release(bytes)
            throw .overloaded("calls under way hold \(total) bytes of messages, the limit is \(settings.maximumBufferedBytes)")
        }
    }

    func release(_ bytes: Int) {
        guard bytes > 0 else { return }
        heldBytes.subtract(bytes, ordering: .relaxed)
        settings.giveMemoryBack(bytes)
    }

    /// Bytes of messages that calls under way hold: 0 when nothing is under way.
    package var bufferedBytes: Int { heldBytes.load(ordering: .relaxed) }

    // MARK: Log

    /// Counts a call that is over, and logs what there is to say of it.
    func note(_ call: OpenCall, _ failure: CallFailure?) {
        let microseconds = Int((NIODeadline.now() - call.begin).nanoseconds / 1_000)
        settings.observe(call.method.path, (failure?.code ?? .ok).rawValue, microseconds)
        let level: Logger.Level = failure?.code == .internal || failure?.code == .dataLoss ? .error : .debug
        guard level >= logger.logLevel else { return }
        logger.log(
            level: level, "call",
            metadata: [
                "request_id": "\(call.head.origin.requestID)", "method": "\(call.method.path)",
                "status": "\(failure?.code ?? .ok)", "microseconds": "\(microseconds)",
                "detail": "\(failure?.error.message ?? "")",
            ])
    }

    func log(_ level: Logger.Level, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        logger.log(level: level, message, metadata: metadata)
    }
}

extension StatusCode {
    /// As gRPC's documents write it: `NOT_FOUND`.
    fileprivate var wireName: String {
        "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_\($1)" : $1.uppercased() }
    }
}
