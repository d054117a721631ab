import HTTPTypes
import HummingbirdCore
import JadeAPI
import JadeCompression
import JadeCore
import JadeJSON
import NIOCore
import Synchronization

extension RESTDoor {
    /// Memory set aside for a body before any of it has come: what a client announces is only a promise.
    private static let maximumReservation = 1 << 20

    /// The whole body of a request, unpacked. `held` counts the bytes that it takes of all requests' share.
    func body(of request: Request, of kind: Route.Body, held: inout Int) async throws(Refusal) -> ByteBuffer {
        try requireType(request.headers, kind)
        let unpacker = try unpacker(request.headers[.contentEncoding])
        let limit = settings.maximumBodyBytes
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw .bodyTooLarge(announced, limit: limit) }
        var body = ByteBuffer()
        body.reserveCapacity(min(announced, Self.maximumReservation) + JSONParser.padding)
        var received = 0
        do {
            for try await var chunk in request.body {
                received += chunk.readableBytes
                if let unpacker {
                    try unpack(chunk, unpacker, into: &body, held: &held)
                } else {
                    try admit(chunk.readableBytes, &held)
                    body.writeBuffer(&chunk)
                }
            }
        } catch {
            throw error as? Refusal ?? .aborted
        }
        guard received >= announced else { throw .aborted }
        guard unpacker?.isWhole ?? true || received == 0 else { throw Refusal(.invalidArgument("the packed request body ends too early")) }
        guard body.readableBytes > 0 else { throw Refusal(.invalidArgument("the request has no body, expected a JSON document")) }
        return body
    }

    /// Lets more bytes into a body, as far as this request and all together may have them.
    private func admit(_ bytes: Int, _ held: inout Int) throws(Refusal) {
        guard held + bytes <= settings.maximumBodyBytes else { throw .bodyTooLarge(held + bytes, limit: settings.maximumBodyBytes) }
        try hold(bytes, &held)
    }

    private func unpack(_ chunk: ByteBuffer, _ unpacker: Unpacker, into body: inout ByteBuffer, held: inout Int) throws(Refusal) {
        switch try unpacker.unpack(chunk, into: &body, admit: { (bytes) throws(Refusal) in try admit(bytes, &held) }) {
        case .taken: break
        case .damaged: throw Refusal(.invalidArgument("the request body is not whole, or packed otherwise than its content encoding says"))
        case .noMemory: throw Refusal(.resourceExhausted("no memory to unpack a request body"))
        }
    }

    private func unpacker(_ encoding: String?) throws(Refusal) -> Unpacker? {
        guard let encoding, encoding.lowercased() != "identity" else { return nil }
        guard let coding = ContentCoding(name: encoding) else { throw .contentEncoding(encoding) }
        do throws(JadeError) { return try Unpacker(coding.packing) } catch { throw Refusal(error) }
    }

    /// Gives back what a request held.
    func release(_ held: Int) {
        bufferedBytes.subtract(held, ordering: .relaxed)
        settings.giveMemoryBack(held)
    }

    private func hold(_ bytes: Int, _ held: inout Int) throws(Refusal) {
        do throws(JadeError) { try settings.takeMemory(bytes) } catch { throw Refusal(error) }
        held += bytes
        let total = bufferedBytes.add(bytes, ordering: .relaxed).newValue
        guard total <= settings.maximumBufferedBytes else {
            throw Refusal(
                .overloaded("requests under way hold \(total) bytes of bodies, the limit is \(settings.maximumBufferedBytes)"))
        }
    }

    /// A missing type passes for JSON; curl's own (`application/x-www-form-urlencoded`) does not.
    private func requireType(_ headers: HTTPFields, _ kind: Route.Body) throws(Refusal) {
        guard let type = headers[.contentType], type != "application/json" else { return }
        let essence = MediaType.essence(type)
        if essence == "application/json" || essence.hasSuffix("+json") { return }
        guard kind == .jsonOrVectors, essence == FrameType.vectors else { throw .contentType(type, kind) }
    }
}

/// Media types as headers carry them.
enum MediaType {
    /// `application/json` of `Application/JSON; charset=utf-8`.
    static func essence(_ type: String) -> String { type.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace } }

    /// Whether an `Accept` names the type itself: what only takes anything gets JSON.
    static func accepts(_ header: String, _ type: String) -> Bool { header.split(separator: ",").contains { essence(String($0)) == type } }
}
