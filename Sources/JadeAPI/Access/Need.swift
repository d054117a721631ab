package import JadeCore

/// What a route or a remote procedure asks of its caller: the tables of routes are the table of permissions.
package enum Need: Sendable, Hashable {
    /// Nothing: health checks, logging in.
    case nothing
    /// To be somebody.
    case login
    /// A permission on the node as a whole.
    case node(Permission)
    /// A permission on the database that the path or the first field names.
    case database(Permission)
    /// A permission on what only the request's document or the answer names: the service behind checks it, or leaves out of
    /// the answer what the caller may not see.
    case named(Permission)
    /// Nothing beyond a login for what is the caller's own, the permission for what is not.
    case own(Permission)

    /// The permission that is looked at, if any.
    package var permission: Permission? {
        switch self {
        case .nothing, .login: nil
        case .node(let permission), .database(let permission), .named(let permission), .own(let permission): permission
        }
    }
}

extension AdmittedCaller {
    /// Refuses what the door can tell before it reads a body; the rest is for the services.
    ///
    /// - Parameter database: name or id, for a ``Need/database(_:)``.
    package func require(_ need: Need, database: String?) async throws(JadeError) {
        switch need {
        case .nothing, .login: break
        case .named, .own:
            guard !mustChangePassword else { throw .permissionDenied("\(name) must set a new password first") }
        case .node(let permission): try await require(permission, on: nil)
        case .database(let permission): try await require(permission, on: database ?? "")
        }
    }
}
