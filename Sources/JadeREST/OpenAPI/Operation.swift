import HTTPTypes
import JadeAPI
import JadeCore

/// What the interface's document says of one route, beside what the route itself knows.
struct Operation: Sendable {
    /// What a request's body looks like.
    struct Request: Sendable {
        /// The name of a schema.
        let schema: String
        /// A document that a server takes as it is.
        let example: String
    }

    /// What an answer's body looks like; nil has none.
    enum Answer: Sendable {
        case nothing
        /// The name of a schema.
        case json(String)
        case text(String)
    }

    let tag: String
    let summary: String
    /// Whole sentences, for what the summary cannot say.
    var details: String? = nil
    var request: Request? = nil
    var status = 200
    let answer: Answer
    /// The type in which `Accept` may ask for vectors as bytes.
    var frame: String? = nil
    /// Errors beside those that every route with its kind of path and body has.
    var errors: [ErrorCode] = []
    /// Headers of the request that say on which condition it is meant.
    var conditions: [String] = []
    /// Headers of the answer.
    var answerHeaders: [String] = []
}

extension Operation {
    /// The tags in the order in which a page shows them.
    static let tags: [(name: String, summary: String)] = [
        ("databases", "Databases: vectors of one dimension, compared by one metric."),
        ("vectors", "Vectors: an id, its values and its metadata."),
        ("search", "The nearest vectors, filtered by metadata."),
        ("backups", "Backups to directories and buckets, schedules, restores."),
        ("security", "Logins, users, groups, roles, permissions, keys, sessions, the audit log."),
        ("jobs", "Long work on what a node stores."),
        ("node", "What is said of the node as a whole."),
    ]

    /// All that is documented, by `METHOD /path`. A test compares it with the routes.
    static let all: [String: Operation] = [databases, vectors, searches, jobs, backups, security, node]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    /// The statuses with which a route refuses: those that follow from its path and body, and its own.
    func refusals(of route: Route) -> [Int] {
        var codes: Set<ErrorCode> = [.invalidArgument, .overloaded, .internal, .unavailable]
        // A login is refused as such, whoever may ask for it.
        if route.needs != .nothing || tag == "security" { codes.formUnion([.unauthenticated, .permissionDenied]) }
        codes.formUnion(errors)
        if !conditions.isEmpty { codes.insert(.preconditionFailed) }
        if route.template.contains("{") { codes.insert(.notFound) }
        var statuses = Set(codes.map(\.httpStatus))
        // A filter in the query may be longer than a request's head.
        if !route.query.isEmpty { statuses.insert(HTTPResponse.Status.requestHeaderFieldsTooLarge.code) }
        if route.body != .none {
            let ofBodies: [HTTPResponse.Status] = [.requestTimeout, .contentTooLarge, .unsupportedMediaType]
            statuses.formUnion(ofBodies.map(\.code))
        }
        return statuses.sorted()
    }
}
