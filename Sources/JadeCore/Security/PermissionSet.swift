/// Permissions as bits, so that a check is one mask.
public struct PermissionSet: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ permission: Permission) { rawValue = 1 << UInt64(permission.rawValue) }
    public init(_ permissions: some Sequence<Permission>) {
        rawValue = permissions.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
    }

    /// Names that nobody knows are an error that lists them: a typing mistake must not grant less than was meant, or more.
    public init(names: some Sequence<String>) throws(JadeError) {
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

    public static let all = PermissionSet(Permission.allCases)
    /// What may be granted for one database.
    public static let perDatabase = PermissionSet(Permission.allCases.filter(\.isPerDatabase))

    public func contains(_ permission: Permission) -> Bool { rawValue & (1 << UInt64(permission.rawValue)) != 0 }

    public var permissions: [Permission] { Permission.allCases.filter(contains) }
    public var names: [String] { permissions.map(\.name).sorted() }
}
