/// A long-lived credential of a program, without its secret.
public struct APIKey: Sendable, Hashable {
    public let id: String
    public let userID: String
    public let userName: String
    public let name: String
    /// No more than these of its owner's permissions; nil for all.
    public let scopes: PermissionSet?
    /// On these databases alone, by their ids; nil for all.
    public let databases: Set<String>?
    public let tenant: TenantBinding?
    public let createdAt: Int64
    public let expiresAt: Int64?
    public let lastUsedAt: Int64?
    public let revokedAt: Int64?

    public init(
        id: String, userID: String, userName: String, request: APIKeyRequest, createdAt: Int64, lastUsedAt: Int64? = nil, revokedAt: Int64? = nil
    ) {
        self.id = id
        self.userID = userID
        self.userName = userName
        name = request.name
        scopes = request.scopes
        databases = request.databases
        tenant = request.tenant
        self.createdAt = createdAt
        expiresAt = request.expiresAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }
}

/// What a new key is to be.
public struct APIKeyRequest: Sendable, Hashable {
    public var name: String
    public var scopes: PermissionSet?
    public var databases: Set<String>?
    public var tenant: TenantBinding?
    /// Milliseconds since 1970; nil for no end.
    public var expiresAt: Int64?

    public init(
        name: String, scopes: PermissionSet? = nil, databases: Set<String>? = nil, tenant: TenantBinding? = nil, expiresAt: Int64? = nil
    ) {
        self.name = name
        self.scopes = scopes
        self.databases = databases
        self.tenant = tenant
        self.expiresAt = expiresAt
    }
}

/// A new key with its secret, which is shown this once.
public struct IssuedKey: Sendable, Hashable {
    public let key: APIKey
    public let secret: String

    public init(key: APIKey, secret: String) {
        self.key = key
        self.secret = secret
    }
}
