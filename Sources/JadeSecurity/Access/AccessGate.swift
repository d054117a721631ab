package import JadeAPI
package import JadeCore

/// The accounts of a node at its doors: credentials to callers, callers to guarded services.
package final class AccessGate: AccessControl {
    package let authentication: AuthenticationService
    let base: any DatabaseService
    let trail: AuditTrail
    let work = BlockingWork()
    let tenants = TenantLocks()

    package init(_ base: any DatabaseService, _ authentication: AuthenticationService, trail: AuditTrail.Settings = .init()) {
        self.base = base
        self.authentication = authentication
        self.trail = AuditTrail(authentication.accounts.audit, trail)
    }

    var accounts: AccountStore { authentication.accounts }

    package func admit(_ credential: Credential, from origin: RequestOrigin) async throws(JadeError) -> any AdmittedCaller {
        do throws(JadeError) {
            return Admission(try await caller(credential), from: origin, at: self)
        } catch {
            if error.code == .unauthenticated, credential != .none { trail.refusedCredential(from: origin) }
            throw error
        }
    }

    private func caller(_ credential: Credential) async throws(JadeError) -> Caller {
        let authentication = authentication
        switch credential {
        case .none: throw .unauthenticated("this needs a login: send an API key or an access token")
        case .secret(let text):
            guard let secret = Secret(text), secret.kind != .refreshToken else { throw AuthenticationService.refused }
            if let caller = try authentication.readyCaller(secret) { return caller }
            return try await work.run { () throws(JadeError) in try authentication.caller(text) }
        case .certificate(let name):
            if let caller = try authentication.readyCaller(certificate: name) { return caller }
            return try await work.run { () throws(JadeError) in try authentication.caller(certificate: name) }
        }
    }

    package func login(name: String, password: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair {
        let authentication = authentication
        return try await work.run { () throws(JadeError) in try authentication.login(name: name, password: password, from: origin) }
    }

    package func refresh(_ token: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair {
        let authentication = authentication
        return try await work.run { () throws(JadeError) in try authentication.refresh(token, from: origin) }
    }

    package func probe() async throws(JadeError) { _ = try await base.status() }
}
