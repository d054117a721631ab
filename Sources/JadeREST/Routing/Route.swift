package import HTTPTypes
package import JadeAPI
package import JadeCore

/// One resource and method of the interface, and what answers it.
package struct Route: Sendable {
    /// Whether the request carries a JSON document.
    package enum Body: Sendable {
        /// None is read.
        case none
        /// It must have one.
        case json
    }

    package typealias Handler = @Sendable (Call) async throws(JadeError) -> Reply

    enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter
    }

    package let method: HTTPRequest.Method
    /// The path with `{}` for each parameter's name: `/v1/databases/{database}`.
    package let template: String
    /// What it asks of its caller. There is no default: a route without one does not compile.
    package let needs: Need
    package var takesBody: Bool { body != .none }
    let segments: [Segment]
    let body: Body
    /// Names of the query parameters it knows.
    let query: [String]
    let handler: Handler

    package init(
        _ method: HTTPRequest.Method, _ template: String, needs: Need, body: Body = .none, query: [String] = [],
        handler: @escaping Handler
    ) {
        self.method = method
        self.needs = needs
        self.query = query
        self.template = template
        self.segments = template.split(separator: "/").map { $0.first == "{" ? .parameter : .literal(String($0)) }
        self.body = body
        self.handler = handler
    }

    /// The raw parameters of a path that this route matches; nil when it does not.
    func parameters(of path: [Substring]) -> [Substring]? {
        var parameters: [Substring] = []
        for (segment, part) in zip(segments, path) {
            switch segment {
            case .literal(let text): if text != part { return nil }
            case .parameter:
                if part.isEmpty { return nil }
                parameters.append(part)
            }
        }
        return parameters
    }
}
