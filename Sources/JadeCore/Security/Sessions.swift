/// One login that is not over.
public struct Session: Sendable, Hashable {
    public let id: String
    public let userID: String
    public let userName: String
    public let createdAt: Int64
    public let lastUsedAt: Int64
    public let expiresAt: Int64
    public let address: String
    public let agent: String

    public init(
        id: String, userID: String, userName: String, createdAt: Int64, lastUsedAt: Int64, expiresAt: Int64, address: String, agent: String
    ) {
        self.id = id
        self.userID = userID
        self.userName = userName
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
    }
}

/// What a login or a refresh gives: shown once.
public struct TokenPair: Sendable, Hashable {
    public let accessToken: String
    /// Milliseconds since 1970.
    public let accessExpiresAt: Int64
    public let refreshToken: String
    public let refreshExpiresAt: Int64
    public let sessionID: String
    public let userID: String
    public let mustChangePassword: Bool

    public init(
        accessToken: String, accessExpiresAt: Int64, refreshToken: String, refreshExpiresAt: Int64, sessionID: String, userID: String,
        mustChangePassword: Bool
    ) {
        self.accessToken = accessToken
        self.accessExpiresAt = accessExpiresAt
        self.refreshToken = refreshToken
        self.refreshExpiresAt = refreshExpiresAt
        self.sessionID = sessionID
        self.userID = userID
        self.mustChangePassword = mustChangePassword
    }
}
