/// A person or a program that can log in.
public struct User: Sendable, Hashable {
    /// 32 hexadecimal digits, lower case; never changes.
    public var id: String
    /// Compared without regard to case in ASCII.
    public var name: String
    public var isActive: Bool
    public var mustChangePassword: Bool
    public var origin: Origin
    /// Milliseconds since 1970, as all times here.
    public var createdAt: Int64
    public var passwordChangedAt: Int64?
    public var lastLoginAt: Int64?

    public init(
        id: String, name: String, isActive: Bool = true, mustChangePassword: Bool = false, origin: Origin = .local, createdAt: Int64,
        passwordChangedAt: Int64? = nil, lastLoginAt: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.isActive = isActive
        self.mustChangePassword = mustChangePassword
        self.origin = origin
        self.createdAt = createdAt
        self.passwordChangedAt = passwordChangedAt
        self.lastLoginAt = lastLoginAt
    }

    public enum Origin: Sendable, Hashable {
        /// Made by somebody.
        case local
        /// Made by the server with a password that everybody knows, for development alone.
        case development
        /// Known from the tokens of an outside issuer.
        case issuer(String)

        public var text: String {
            switch self {
            case .local: "local"
            case .development: "development"
            case .issuer(let name): "issuer:" + name
            }
        }

        public init?(_ text: String) {
            switch text {
            case "local": self = .local
            case "development": self = .development
            default:
                guard text.hasPrefix("issuer:") else { return nil }
                self = .issuer(String(text.dropFirst("issuer:".count)))
            }
        }
    }
}

/// Users who share roles and grants.
public struct Group: Sendable, Hashable {
    public var id: String
    public var name: String
    /// The user who may change its members besides those with `group:manage`; nil when that user is gone.
    public var ownerID: String?
    public var createdAt: Int64

    public init(id: String, name: String, ownerID: String?, createdAt: Int64) {
        self.id = id
        self.name = name
        self.ownerID = ownerID
        self.createdAt = createdAt
    }
}

/// A named set of permissions.
public struct Role: Sendable, Hashable {
    public var id: String
    public var name: String
    public var isPredefined: Bool
    public var meaning: String
    public var permissions: PermissionSet

    public init(id: String, name: String, isPredefined: Bool, meaning: String, permissions: PermissionSet) {
        self.id = id
        self.name = name
        self.isPredefined = isPredefined
        self.meaning = meaning
        self.permissions = permissions
    }
}

/// Who is given a role or a permission.
public enum Grantee: Sendable, Hashable {
    case user(id: String)
    case group(id: String)

    public var id: String {
        switch self {
        case .user(let id), .group(let id): id
        }
    }

    /// `user` or `group`.
    public var kind: String {
        switch self {
        case .user: "user"
        case .group: "group"
        }
    }
}
