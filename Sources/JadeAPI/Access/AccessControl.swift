package import JadeCore

/// Who comes through a door: every door asks it once for each request, and passes on to the caller's services alone.
///
/// ```swift
/// let caller = try await access.admit(Credential(authorization: header, apiKey: nil), from: origin)
/// try await caller.require(.onDatabase(.vectorRead), database: "docs")
/// let response = try await caller.databases.search(request, in: "docs")
/// ```
package protocol AccessControl: Sendable {
    /// The caller that a credential stands for.
    ///
    /// ``ErrorCode/unauthenticated`` for none and for one that does not hold, in the same words for everything that is wrong
    /// with it; ``ErrorCode/overloaded`` with the seconds to wait beyond a limit of rate.
    func admit(_ credential: Credential, from origin: RequestOrigin) async throws(JadeError) -> any AdmittedCaller

    /// Name and password to tokens. Whether the name exists can be told neither from the answer nor from its time.
    func login(name: String, password: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair
    /// The next pair of tokens for a refresh token, which ends with that.
    func refresh(_ token: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair

    /// Whether what stands behind the doors answers; for health checks, which nobody logs in for.
    func probe() async throws(JadeError)
}

/// What a request presents to say who sends it.
package enum Credential: Sendable, Hashable {
    case none
    /// An access token, an API key or a token of an outside issuer.
    case secret(String)
    /// The name in a client's certificate that TLS has verified.
    case certificate(name: String)

    /// From the headers or metadata `authorization` and `x-api-key`.
    package init(authorization: String?, apiKey: String?) throws(JadeError) {
        switch (authorization, apiKey) {
        case (nil, nil): self = .none
        case (nil, let key?): self = .secret(key)
        case (let header?, nil):
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else {
                throw .unauthenticated("the authorization header is not of the form: Bearer, a space, and a token or key")
            }
            self = .secret(String(parts[1]))
        case (_?, _?): throw .unauthenticated("both authorization and x-api-key are given, expected one of them")
        }
    }
}

/// Where a request comes from, as the log and the list of sessions show it.
package struct RequestOrigin: Sendable, Hashable {
    package var address: String
    /// What the client calls itself, cut to ``Limits/maximumAgentCharacters``.
    package var agent: String
    package var requestID: String

    package init(address: String, agent: String = "", requestID: String = "") {
        self.address = address
        self.agent = String(agent.prefix(Limits.maximumAgentCharacters))
        self.requestID = requestID
    }
}

/// Somebody who was let in, for the length of one request.
package protocol AdmittedCaller: Sendable {
    /// For log lines: a user's or key's name.
    var name: String { get }
    /// Checks every request against the caller's permissions; so do the others.
    var databases: any DatabaseService { get }
    /// Nil where what stands behind keeps none.
    var backups: (any BackupService)? { get }
    var maintenance: (any MaintenanceService)? { get }
    /// Nil where there are no accounts.
    var security: (any SecurityService)? { get }

    /// Until it is changed, nothing but changing it is allowed.
    var mustChangePassword: Bool { get }

    /// Asks for a permission before any work is done; the services ask again by themselves.
    ///
    /// - Parameter database: name or id; nil for the node. One that may not be read is refused as if it were there.
    func require(_ permission: Permission, on database: String?) async throws(JadeError)
}

extension Limits {
    package static let maximumAgentCharacters = 256
}
