package import HTTPTypes
package import Hummingbird
package import HummingbirdCore
package import HummingbirdHTTP2
package import JadeAPI
import JadeCore
import JadeJSON
package import Logging
package import NIOCore
import Synchronization

/// What the door keeps of a request besides the request: where it came from.
package struct RESTContext: InitializableFromSource {
    let channel: any Channel

    package init(source: ApplicationRequestContextSource) { channel = source.channel }

    var address: String { channel.remoteAddress?.ipAddress ?? "" }
}

/// HTTP on one side, an ``AccessControl`` and the services behind it on the other: finds the route, asks who is there and
/// whether the route is for them, reads the body up to its limit, and turns every error into a problem document.
package final class RESTDoor: HTTPResponder {
    package typealias Context = RESTContext

    let access: any AccessControl
    let settings: RESTSettings
    let router = Router(Routes.all)
    let metrics: RequestMetrics
    let parsers: JSONParserPool
    private let ids: RequestIDs
    private let logger: Logger
    /// Bytes of bodies that requests under way hold.
    let bufferedBytes = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)

    package init(_ access: any AccessControl, settings: RESTSettings, logger: Logger) {
        self.access = access
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
    package var httpServer: HTTPServerBuilder { HTTPServerBuilder { self.channel($0) } }

    /// One connection of it, before anything is put around it.
    package func channel(_ responder: @escaping HTTPChannelHandler.Responder) -> HTTP1Channel {
        let settings = settings
        var configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionGuard(settings: settings)], idleTimeout: settings.idleTimeout)
        configuration.httpDecoder = .init(
            maxHeaderFieldSize: settings.maximumHeaderBytes, maxHeaderListSize: settings.maximumHeaderBytes,
            maxHeaderFieldCount: Limits.maximumHeaderFields)
        return HTTP1Channel(responder: responder, configuration: configuration)
    }

    /// HTTP/2 with the same limits and deadlines, each stream what a connection of HTTP/1.1 is for one request.
    package func http2Channel(_ responder: @escaping HTTPChannelHandler.Responder) -> HTTP2Channel {
        let settings = settings
        let streams = HTTP1Channel.Configuration(additionalChannelHandlers: [ConnectionGuard(settings: settings, guardsStream: true)])
        return HTTP2Channel(
            responder: responder,
            configuration: .init(idleTimeout: .nanoseconds(settings.idleTimeout.nanoseconds), streamConfiguration: streams))
    }

    package func respond(to request: Request, context: RESTContext) async throws -> Response {
        let begin = NIODeadline.now()
        let match = router.match(request.method, request.uri.path[...])
        let id = ids.name(offered: request.headers[.requestID])
        let origin = RequestOrigin(address: context.address, agent: request.headers[.userAgent] ?? "", requestID: id)
        let certificate = await settings.certificateName?(context.channel)
        var reply = await reply(to: request, match, from: origin, certificate)
        reply.pack(for: request.headers[.acceptEncoding])
        reply.headers[.requestID] = id
        protect(&reply.headers)
        let microseconds = Int((NIODeadline.now() - begin).nanoseconds / 1_000)
        metrics.record(route: match.routeIndex, status: reply.status.code, microseconds: microseconds)
        log(request, reply, id: id, microseconds: microseconds)
        let isHead = request.method == .head
        return Response(status: reply.status, headers: reply.head.headerFields, body: isHead ? ResponseBody() : reply.responseBody)
    }

    private func reply(to request: Request, _ match: Router.Match, from origin: RequestOrigin, _ certificate: String?) async -> Reply {
        do throws(Refusal) {
            return try await answer(request, match, from: origin, certificate)
        } catch {
            return error.reply
        }
    }

    private func answer(
        _ request: Request, _ match: Router.Match, from origin: RequestOrigin, _ certificate: String?
    ) async throws(Refusal) -> Reply {
        switch match {
        case .unknownPath: throw .unknownPath(request.uri.path)
        case .otherMethods(let methods): throw .method(request.method, allowed: methods)
        case .route(let index, let parameters):
            let route = router.routes[index]
            // Before the body: nobody makes the server hold bytes that may not use them.
            let admitted = try await admit(request, to: route, parameters, from: origin, certificate)
            var held = 0
            defer { release(held) }
            let body = route.body == .none ? ByteBuffer() : try await body(of: request, of: route.body, held: &held)
            do throws(JadeError) {
                let query = try Query(request.uri.query, allowed: route.query)
                return try await route.handler(
                    Call(
                        door: self, admitted: admitted, origin: origin, query: query, parameters: parameters, headers: request.headers, body: body))
            } catch {
                throw Refusal(error)
            }
        }
    }

    /// Who sent the request, once it is known that the route is for them.
    private func admit(
        _ request: Request, to route: Route, _ parameters: [Substring], from origin: RequestOrigin, _ certificate: String?
    ) async throws(Refusal) -> (any AdmittedCaller)? {
        guard route.needs != .nothing else { return nil }
        do throws(JadeError) {
            var credential = try Credential(authorization: request.headers[.authorization], apiKey: request.headers[.apiKey])
            if credential == .none, let certificate { credential = .certificate(name: certificate) }
            let caller = try await access.admit(credential, from: origin)
            var database: String?
            if case .database = route.needs, let part = parameters.first { database = try PercentDecoding.decode(part, "database") }
            try await caller.require(route.needs, database: database)
            return caller
        } catch {
            throw Refusal(error)
        }
    }

    /// What keeps browsers from making more of an answer than it is; a route that says something of its own keeps it.
    private func protect(_ headers: inout HTTPFields) {
        for (name, value) in Self.protection where headers[name] == nil { headers[name] = value }
        if settings.isEncrypted { headers[.strictTransportSecurity] = "max-age=31536000" }
    }

    private static let protection: [(HTTPField.Name, String)] = [
        (.xContentTypeOptions, "nosniff"), (.frameOptions, "DENY"), (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
        (.referrerPolicy, "no-referrer"), (.cacheControl, "no-store"),
    ]

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
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let apiKey = HTTPField.Name("X-API-Key")!
}
