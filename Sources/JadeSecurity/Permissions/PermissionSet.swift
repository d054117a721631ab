package import JadeCore

/// Permissions as bits, so that a check is one mask.
package struct PermissionSet: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package init(_ permission: Permission) { rawValue = 1 << UInt64(permission.rawValue) }
    package init(_ permissions: some Sequence<Permission>) {
        rawValue = permissions.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    /// Names that nobody knows are an error that lists them: a typing mistake must not grant less than was meant, or more.
    package init(names: some Sequence<String>) throws(JadeError) {
        var result = PermissionSet()
        var unknown: [String] = []
        for name in names {
            if let permission = Permission(name: name) { result.insert(PermissionSet(permission)) } else { unknown.append(name) }
        }
        guard unknown.isEmpty else {
            let list = unknown.map(\.debugDescription).joined(separator: ", ")
            throw .invalidArgument("unknown permission \(list); known are \(Permission.allCases.map(\.name).joined(separator: ", "))")
        }
        self = result
    }

    package static let all = PermissionSet(Permission.allCases)
    /// What may be granted for one database.
    package static let perDatabase = PermissionSet(Permission.allCases.filter(\.isPerDatabase))

    package func contains(_ permission: Permission) -> Bool { rawValue & (1 << UInt64(permission.rawValue)) != 0 }

    package var permissions: [Permission] { Permission.allCases.filter(contains) }
    package var names: [String] { permissions.map(\.name).sorted() }
}
