import HTTPTypes
import HummingbirdCore
import JadeCore
import JadeJSON
import NIOCore
import Synchronization

extension RESTDoor {
    /// Memory set aside for a body before any of it has come: what a client announces is only a promise.
    private static let maximumReservation = 1 << 20

    /// The whole body of a request that must carry JSON. `held` counts the bytes that it takes of all requests' share.
    func body(of request: Request, held: inout Int) async throws(Refusal) -> ByteBuffer {
        try requireJSON(request.headers)
        let limit = settings.maximumBodyBytes
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw .bodyTooLarge(announced, limit: limit) }
        var body = ByteBuffer()
        body.reserveCapacity(min(announced, Self.maximumReservation) + JSONParser.padding)
        do {
            for try await var chunk in request.body {
                let size = body.readableBytes + chunk.readableBytes
                guard size <= limit else { throw Refusal.bodyTooLarge(size, limit: limit) }
                try hold(chunk.readableBytes, &held)
                body.writeBuffer(&chunk)
            }
        } catch {
            throw error as? Refusal ?? .aborted
        }
        guard body.readableBytes >= announced else { throw .aborted }
        guard body.readableBytes > 0 else { throw Refusal(.invalidArgument("the request has no body, expected a JSON document")) }
        return body
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
    private func requireJSON(_ headers: HTTPFields) throws(Refusal) {
        if let type = headers[.contentType], type != "application/json" {
            let essence = type.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
            guard essence == "application/json" || essence.hasSuffix("+json") else { throw .contentType(type) }
        }
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" { throw .contentEncoding(encoding) }
    }
}
