import HTTPTypes
package import JadeAPI
import JadeCore

/// Renders the tables of permissions for the manual: from the routes and the roles themselves.
package enum PermissionTable {
    /// A row for each route, in the order of the table of routes.
    package static func routes(_ routes: [Route]) -> String {
        let rows = routes.map { "| `\($0.method.rawValue) \($0.template)` | \($0.needs.phrase) |" }
        return (["| request | needs |", "|---|---|"] + rows).joined(separator: "\n")
    }

    /// A row for each method of another door, in the order of its table.
    package static func methods(_ methods: [(path: String, needs: Need)]) -> String {
        let rows = methods.map { "| `\($0.path.dropFirst())` | \($0.needs.phrase) |" }
        return (["| method | needs |", "|---|---|"] + rows).joined(separator: "\n")
    }

    /// A row for each permission, a column for each predefined role.
    package static var roles: String {
        let roles = PredefinedRole.allCases
        let head = "| permission | allows to | for one database |" + roles.map { " \($0.rawValue) |" }.joined()
        let rows = Permission.allCases.map { permission in
            "| `\(permission.name)` | \(permission.meaning) | \(permission.isPerDatabase ? "yes" : "") |"
                + roles.map { $0.permissions.contains(permission) ? " yes |" : " |" }.joined()
        }
        return ([head, "|---|---|---|" + roles.map { _ in "---|" }.joined()] + rows).joined(separator: "\n")
    }
}

extension Need {
    fileprivate var phrase: String {
        switch self {
        case .nothing: "nothing"
        case .login: "a login"
        case .node(let permission): "`\(permission.name)`"
        case .database(let permission): "`\(permission.name)` on the database"
        case .named(let permission): "`\(permission.name)` on what is named; lists hold what may be seen"
        case .own(let permission): "a login for one's own, `\(permission.name)` otherwise"
        }
    }
}
