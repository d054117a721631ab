package import JadeCore

/// What a caller may do, with everything that gives it already added up: roles, groups, grants and ownership.
package struct Access: Sendable, Hashable {
    /// On the node and on every database.
    package var everywhere: PermissionSet
    /// On single databases, by their ids, beyond what holds everywhere.
    package var byDatabase: [String: PermissionSet]
    /// Where set, nothing is allowed on other databases: the limit of an API key.
    package var onlyDatabases: Set<String>?

    package init(everywhere: PermissionSet = [], byDatabase: [String: PermissionSet] = [:], onlyDatabases: Set<String>? = nil) {
        self.everywhere = everywhere
        self.byDatabase = byDatabase
        self.onlyDatabases = onlyDatabases
    }

    /// - Parameter database: the database's id; nil for what concerns the node as a whole.
    package func allows(_ permission: Permission, on database: String?) -> Bool {
        guard let database else {
            // A key for certain databases is nobody on the node: it must not create databases or list users.
            return everywhere.contains(permission) && (onlyDatabases == nil || permission == .nodeRead)
        }
        if let onlyDatabases, !onlyDatabases.contains(database) { return false }
        return everywhere.contains(permission) || byDatabase[database]?.contains(permission) == true
    }

    /// No more than the given permissions: what a key with scopes leaves of its owner's access.
    package func limited(to scopes: PermissionSet?, databases: Set<String>?) -> Access {
        var result = self
        if let scopes {
            result.everywhere.formIntersection(scopes)
            result.byDatabase = byDatabase.mapValues { $0.intersection(scopes) }
        }
        if let databases { result.onlyDatabases = onlyDatabases.map { $0.intersection(databases) } ?? databases }
        return result
    }

    /// On a database, and on every one where no limit of a key says otherwise.
    private func permissions(on database: String) -> PermissionSet {
        if let onlyDatabases, !onlyDatabases.contains(database) { return [] }
        return everywhere.union(byDatabase[database] ?? [])
    }

    /// Whether everything that this allows, the other allows too: nobody gives what they do not have.
    package func isWithin(_ other: Access) -> Bool {
        guard let onlyDatabases else {
            return other.onlyDatabases == nil && everywhere.isSubset(of: other.everywhere)
                && byDatabase.allSatisfy { $0.value.isSubset(of: other.permissions(on: $0.key)) }
        }
        return onlyDatabases.allSatisfy { permissions(on: $0).isSubset(of: other.permissions(on: $0)) }
            && (other.onlyDatabases == nil || onlyDatabases.isSubset(of: other.onlyDatabases!))
    }
}
