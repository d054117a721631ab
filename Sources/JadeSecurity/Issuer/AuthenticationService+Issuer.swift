package import JadeCore

import GRDB

extension AuthenticationService {
    /// Who a token of the outside issuer names. A user of whom nobody has heard yet is made, with the issuer as origin; one of
    /// that name who is from elsewhere is somebody else.
    package func caller(issued token: String, by issuer: OutsideIssuer) throws(JadeError) -> Caller {
        guard let identity = issuer.identity(token, at: accounts.now) else { throw Self.refused }
        let origin = User.Origin.issuer(issuer.settings.issuer)
        try makeUser(identity.name, origin)
        return try caller(Self.hash(issued: token)) { (db, now, generation) in
            // Verified once more: keys that were withdrawn meanwhile are a generation that has begun before.
            guard let identity = issuer.identity(token, at: now),
                let row = try Row.fetchOne(db, sql: "SELECT * FROM users WHERE name = ? AND is_active", arguments: [identity.name])
            else { return nil }
            let user = try AccountStore.user(row)
            // Names of ours are the same in capitals; the issuer's may be two people's.
            guard user.origin == origin, user.name == identity.name else { return nil }
            var access = try AccountStore.access(ofUser: user.id, in: db)
            // A role that is no longer there gives nothing.
            for role in identity.roles { access.everywhere.formUnion((try? AccountStore.role(role, in: db))?.permissions ?? []) }
            let caller = Caller(
                userID: user.id, userName: user.name, credential: .token(issuer: issuer.settings.issuer), access: access, tenant: nil,
                mustChangePassword: false)
            return CachedCaller(caller: caller, generation: generation, expiresAt: identity.expiresAt, noted: now)
        }
    }

    package func readyCaller(issued token: String) throws(JadeError) -> Caller? {
        try ready(Self.hash(issued: token), at: accounts.now, generation: accounts.generation)
    }

    /// Apart from secrets, and from names in certificates: what somebody sends as a token is anything.
    private static func hash(issued token: String) -> SecretHash { SecretHash(of: "token " + token) }

    private func makeUser(_ name: String, _ origin: User.Origin) throws(JadeError) {
        let exists = try accounts.read("find a user") { try Row.fetchOne($0, sql: "SELECT 1 FROM users WHERE name = ?", arguments: [name]) != nil }
        guard !exists else { return }
        do throws(JadeError) {
            _ = try accounts.createUser(name: name, passwordHash: nil, origin: origin, by: .server)
        } catch {
            // Another request made it in between; any other reason leaves nobody to let in.
            guard error.code == .conflict else { throw Self.refused }
        }
    }
}
