package import HTTPTypes

/// Finds the route of a request.
///
/// Hummingbird's own router answers a known path with an unknown method like an unknown path; here such a request learns
/// which methods there are.
package struct Router: Sendable {
    package enum Match: Sendable {
        /// The route by its index, and its parameters, still percent-encoded.
        case route(Int, [Substring])
        /// The path exists with these methods only.
        case otherMethods([HTTPRequest.Method])
        case unknownPath

        package var routeIndex: Int? {
            if case .route(let index, _) = self { index } else { nil }
        }
    }

    package let routes: [Route]
    /// Indexes of routes by their number of segments. Routes without a parameter where another has one come first.
    private let byLength: [[Int]]

    package init(_ routes: [Route]) {
        self.routes = routes
        let longest = routes.map(\.segments.count).max() ?? 0
        self.byLength = (0...longest).map { length in
            routes.indices.filter { routes[$0].segments.count == length }
                .sorted { routes[$0].parameterPlaces.lexicographicallyPrecedes(routes[$1].parameterPlaces) }
        }
    }

    /// A literal segment outranks a parameter, for all methods alike: below `/vectors`, the word `count` is never an id.
    /// Literals are compared before percent-decoding, so the id `count` is reached as `%63ount`.
    package func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let trimmed = parts.last == "" ? Array(parts.dropLast()) : Array(parts)
        guard path.first == "/", trimmed.count < byLength.count else { return .unknownPath }
        var methods: [HTTPRequest.Method] = []
        var found: [Route.Segment]?
        for index in byLength[trimmed.count] {
            let route = routes[index]
            if let found, found != route.segments { continue }
            guard let parameters = route.parameters(of: trimmed) else { continue }
            if route.method == method || (method == .head && route.method == .get) { return .route(index, parameters) }
            found = route.segments
            methods.append(route.method)
        }
        return methods.isEmpty ? .unknownPath : .otherMethods(methods)
    }
}

extension Route {
    /// 1 where a parameter stands and 0 where a literal does.
    fileprivate var parameterPlaces: [Int] { segments.map { $0 == .parameter ? 1 : 0 } }
}
