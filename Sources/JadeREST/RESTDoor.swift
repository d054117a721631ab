package import HTTPTypes
package import Hummingbird
package import HummingbirdCore
package import JadeAPI
import JadeCore
import JadeJSON
package import Logging
package import NIOCore
import Synchronization

/// What the door keeps of a request besides the request: nothing. Hummingbird wants a type for it.
package struct RESTContext: InitializableFromSource {
    package init(source: ApplicationRequestContextSource) {}
}

/// HTTP on one side, a ``DatabaseService`` on the other: finds the route, reads the body up to its limit, and turns every
/// error into a problem document.
package final class RESTDoor: HTTPResponder {
    package typealias Context = RESTContext

    let service: any DatabaseService
    let settings: RESTSettings
    let router = Router(Routes.all)
    let metrics: RequestMetrics
    let parsers: JSONParserPool
    private let ids: RequestIDs
    private let logger: Logger
    /// Bytes of bodies that requests under way hold.
    let bufferedBytes = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    package init(_ service: any DatabaseService, settings: RESTSettings, logger: Logger) {
        self.service = service
        self.settings = settings
        self.metrics = RequestMetrics(routes: router.routes.map { ($0.method.rawValue, $0.template) })
        self.parsers = JSONParserPool(maximumBytes: settings.maximumBodyBytes)
        self.ids = RequestIDs(prefix: settings.instance)
        self.logger = logger
    }

    /// From now on `/health/ready` says no, so that load balancers look elsewhere.
    package func beginDraining() { draining.store(true, ordering: .relaxed) }

    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// HTTP/1.1 with this door's limits and deadlines.
    package var httpServer: HTTPServerBuilder {
        let settings = settings
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(settings: settings)], idleTimeout: settings.idleTimeout)
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: settings.maximumHeaderBytes, maxHeaderListSize: settings.maximumHeaderBytes,
            maxHeaderFieldCount: Limits.maximumHeaderFields)
        return .http1(configuration: configuration)
    }

    package func respond(to request: Request, context: RESTContext) async throws -> Response {
        let begin = NIODeadline.now()
        let match = router.match(request.method, request.uri.path[...])
        var reply = await reply(to: request, match)
        reply.pack(for: request.headers[.acceptEncoding])
        let id = ids.name(offered: request.headers[.requestID])
        reply.headers[.requestID] = id
        let microseconds = Int((NIODeadline.now() - begin).nanoseconds / 1_000)
        metrics.record(route: match.routeIndex, status: reply.status.code, microseconds: microseconds)
        log(request, reply, id: id, microseconds: microseconds)
        let isHead = request.method == .head
        return Response(status: reply.status, headers: reply.head.headerFields, body: isHead ? ResponseBody() : reply.responseBody)
    }

    private func reply(to request: Request, _ match: Router.Match) async -> Reply {
        do throws(Refusal) {
            return try await answer(request, match)
        } catch {
            return error.reply
        }
    }

    private func answer(_ request: Request, _ match: Router.Match) async throws(Refusal) -> Reply {
        switch match {
        case .unknownPath: throw .unknownPath(request.uri.path)
        case .otherMethods(let methods): throw .method(request.method, allowed: methods)
        case .route(let index, let parameters):
            let route = router.routes[index]
            var held = 0
            defer { release(held) }
            let body = route.body == .none ? ByteBuffer() : try await body(of: request, of: route.body, held: &held)
            do throws(JadeError) {
                let query = try Query(request.uri.query, allowed: route.query)
                return try await route.handler(Call(door: self, query: query, parameters: parameters, headers: request.headers, body: body))
            } catch {
                throw Refusal(error)
            }
        }
    }

    private func log(_ request: Request, _ reply: Reply, id: String, microseconds: Int) {
        let isFailure = reply.status.code >= 500
        logger.log(
            level: isFailure ? .error : .debug, "request",
            metadata: [
                "request_id": "\(id)", "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(reply.status.code)",
                "microseconds": "\(microseconds)", "detail": "\(reply.detail ?? "")",
            ])
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
}
