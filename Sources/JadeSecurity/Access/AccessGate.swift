package import JadeAPI
package import JadeCore

/// The accounts of a node at its doors: credentials to callers, callers to guarded services.
package final class AccessGate: AccessControl {
    package let authentication: AuthenticationService
    let base: any DatabaseService
    let trail: AuditTrail
    let meter: UsageMeter
    /// Whose tokens are taken beside our own; nil for nobody's.
    let issuer: OutsideIssuer?
    let work = BlockingWork()
    let tenants = TenantLocks()

    package init(
        _ base: any DatabaseService, _ authentication: AuthenticationService, trail: AuditTrail.Settings = .init(),
        usage: UsageMeter.Settings = .init(), issuer: OutsideIssuer? = nil
    ) {
        self.base = base
        self.issuer = issuer
        self.authentication = authentication
        self.trail = AuditTrail(authentication.accounts.audit, trail)
        meter = UsageMeter(usage, quotas: authentication.quotas, clock: authentication.accounts.clock)
    }

    var accounts: AccountStore { authentication.accounts }

    package func admit(_ credential: Credential, from origin: RequestOrigin) async throws(JadeError) -> any AdmittedCaller {
        let caller: Caller
        do throws(JadeError) {
            caller = try await self.caller(credential)
        } catch {
            if error.code == .unauthenticated, credential != .none {
                trail.refusedCredential(from: origin)
                try meter.takeFailure(from: origin.address)
            }
            throw error
        }
        try meter.takeRequest(UsageMeter.subjects(caller))
        return Admission(caller, from: origin, at: self)
    }

    private func caller(_ credential: Credential) async throws(JadeError) -> Caller {
        let authentication = authentication
        switch credential {
        case .none: throw .unauthenticated("this needs a login: send an API key or an access token")
        case .secret(let text):
            guard let secret = Secret(text) else { return try await caller(issued: text) }
            guard secret.kind != .refreshToken else { throw AuthenticationService.refused }
            if let caller = try authentication.readyCaller(secret) { return caller }
            return try await work.run { () throws(JadeError) in try authentication.caller(text) }
        case .certificate(let name):
            if let caller = try authentication.readyCaller(certificate: name) { return caller }
            return try await work.run { () throws(JadeError) in try authentication.caller(certificate: name) }
        }
    }

    private func caller(issued token: String) async throws(JadeError) -> Caller {
        guard let issuer, token.utf8.count <= Limits.maximumTokenBytes else { throw AuthenticationService.refused }
        if let caller = try authentication.readyCaller(issued: token) { return caller }
        let authentication = authentication
        return try await work.run { () throws(JadeError) in try authentication.caller(issued: token, by: issuer) }
    }

    package var hasIssuer: Bool { issuer != nil }

    /// Reads the keys of the outside issuer where that is due. What tokens with other keys opened is closed at once.
    package func readIssuerKeys() async -> OutsideIssuer.Reading {
        guard let issuer else { return .notDue }
        let reading = await issuer.readKeys()
        if case .changed = reading { accounts.invalidate() }
        return reading
    }

    package func login(name: String, password: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair {
        try meter.takeFailure(from: origin.address)
        let authentication = authentication
        return try await work.run { () throws(JadeError) in try authentication.login(name: name, password: password, from: origin) }
    }

    package func refresh(_ token: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair {
        let authentication = authentication
        return try await work.run { () throws(JadeError) in try authentication.refresh(token, from: origin) }
    }

    package func probe() async throws(JadeError) { _ = try await base.status() }

    /// What time makes due: credentials that are over go, and audit entries beyond their time and their budget of disk.
    package func performUpkeep(auditMilliseconds: Int64, auditBytes: Int) async throws(JadeError) {
        let (accounts, idle) = (accounts, authentication.settings.idleTimeout)
        try await work.run { () throws(JadeError) in
            try accounts.removeExpiredCredentials(idleTimeout: idle)
            let maximum = try accounts.audit.entryCount(within: auditBytes)
            _ = try accounts.audit.prune(before: accounts.now - auditMilliseconds, keeping: maximum)
        }
    }
}
