import JadeCore
import JadeIO
import JadeSecurity
import Testing

@Suite("Logging in")
struct LoginTests {
    @Test("a wrong password, an unknown name and a deactivated user get the same answer")
    func sameAnswer() throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        try world.addUser("ann")
        try world.addUser("bob")
        _ = try world.accounts.updateUser("bob", UserUpdate(isActive: false), by: world.root)
        let refused = JadeError.unauthenticated("name or password is wrong")
        #expect(throws: refused) { try world.login("ann", "wrong") }
        #expect(throws: refused) { try world.login("nobody", "wrong") }
        #expect(throws: refused) { try world.login("bob") }
        #expect(throws: refused) { try world.login("", "") }
        #expect(try world.login("ANN").userID == world.accounts.user("ann").id)
    }

    @Test("names are locked after failures for longer and longer, existing or not, and a success forgets them")
    func lockOut() throws {
        let world = try World()
        try world.addUser("ann")
        for name in ["ann", "nobody"] {
            for _ in 0..<5 { #expect(code { _ = try world.login(name, "wrong") } == .unauthenticated) }
            #expect(code { _ = try world.login(name) } == .overloaded)
        }
        world.clock.advance(byMilliseconds: 1_000)
        #expect(code { _ = try world.login("ann", "wrong") } == .unauthenticated)
        world.clock.advance(byMilliseconds: 1_999)
        #expect(code { _ = try world.login("ann") } == .overloaded)
        world.clock.advance(byMilliseconds: 1)
        _ = try world.login("ann")
        for _ in 0..<4 { #expect(code { _ = try world.login("ann", "wrong") } == .unauthenticated) }
        _ = try world.login("ann")
    }

    @Test("tokens end with their time, sessions when idle or too old, and a refresh carries a session on")
    func timeouts() throws {
        var settings = AuthenticationSettings()
        settings.accessTokenLife = 100_000
        settings.idleTimeout = 300_000
        settings.absoluteTimeout = 1_000_000
        let world = try World(settings: settings)
        try world.addUser("ann")
        var pair = try world.login("ann")
        world.clock.advance(byMilliseconds: 99_999)
        #expect(try world.authentication.caller(pair.accessToken).userName == "ann")
        world.clock.advance(byMilliseconds: 1)
        #expect(code { _ = try world.authentication.caller(pair.accessToken) } == .unauthenticated)
        while world.clock.wallMilliseconds < pair.refreshExpiresAt - 200_000 {
            pair = try world.authentication.refresh(pair.refreshToken, from: world.here)
            #expect(try world.authentication.caller(pair.accessToken).userName == "ann")
            world.clock.advance(byMilliseconds: 200_000)
        }
        world.clock.advance(byMilliseconds: 200_000)
        #expect(code { pair = try world.authentication.refresh(pair.refreshToken, from: world.here) } == .unauthenticated)

        let idle = try world.login("ann")
        world.clock.advance(byMilliseconds: 300_000)
        #expect(code { _ = try world.authentication.refresh(idle.refreshToken, from: world.here) } == .unauthenticated)
    }

    @Test("a refresh token used twice ends the session for everybody who has a token of it")
    func reuse() throws {
        let world = try World()
        try world.addUser("ann")
        let first = try world.login("ann")
        let second = try world.authentication.refresh(first.refreshToken, from: world.here)
        #expect(code { _ = try world.authentication.caller(first.accessToken) } == .unauthenticated)
        #expect(code { _ = try world.authentication.refresh(first.refreshToken, from: world.here) } == .unauthenticated)
        #expect(code { _ = try world.authentication.caller(second.accessToken) } == .unauthenticated)
        #expect(code { _ = try world.authentication.refresh(second.refreshToken, from: world.here) } == .unauthenticated)
        #expect(try world.accounts.audit.entries(AuditQuery(action: "session:reuse")).count == 1)
    }

    @Test("logging out, revoking and a new password end what was there, at once")
    func endings() throws {
        let world = try World()
        try world.addUser("ann")
        let accounts = world.accounts, service = world.authentication
        let one = try world.login("ann"), two = try world.login("ann"), three = try world.login("ann")
        #expect(try accounts.sessions(of: "ann").count == 3)
        try service.logout(service.caller(one.accessToken), by: world.root)
        #expect(code { _ = try service.caller(one.accessToken) } == .unauthenticated)
        try accounts.endSession(two.sessionID, by: world.root)
        #expect(code { _ = try service.caller(two.accessToken) } == .unauthenticated)
        let caller = try service.caller(three.accessToken)
        #expect(code { try service.changePassword(of: caller, from: "wrong", to: "a new one 123", by: world.root) } == .unauthenticated)
        #expect(code { try service.changePassword(of: caller, from: World.password, to: "short", by: world.root) } == .invalidArgument)
        try service.changePassword(of: caller, from: World.password, to: "a new one 123", by: world.root)
        #expect(code { _ = try service.caller(three.accessToken) } == .unauthenticated)
        #expect(code { _ = try world.login("ann") } == .unauthenticated)
        _ = try world.login("ann", "a new one 123")
    }

    @Test("a user who must change the password may do nothing else")
    func mustChange() throws {
        let world = try World()
        try world.addUser("ann", roles: ["admin"])
        _ = try world.accounts.updateUser("ann", UserUpdate(mustChangePassword: true), by: world.root)
        let caller = try world.caller("ann")
        #expect(code { try caller.require(.nodeRead) } == .permissionDenied)
        try world.authentication.changePassword(of: caller, from: World.password, to: "a new one 123", by: world.root)
        try world.authentication.caller(world.login("ann", "a new one 123").accessToken).require(.nodeRead)
    }

    @Test("whatever is no credential is refused in the same words")
    func garbage() throws {
        let world = try World()
        try world.addUser("ann")
        let pair = try world.login("ann")
        for text in ["", "jade_a_", "x", pair.refreshToken, pair.accessToken + "A", String(pair.accessToken.dropLast()) + "é", "jade_a_" + String(repeating: "\u{0}", count: 43)] {
            #expect(code { _ = try world.authentication.caller(text) } == .unauthenticated, "\(text)")
        }
    }

    @Test("keys expire, are rotated with a grace time, and revoked")
    func keys() throws {
        let world = try World()
        try world.addUser("ann", roles: ["readonly"])
        let accounts = world.accounts, service = world.authentication
        let now = world.clock.wallMilliseconds
        #expect(code { _ = try accounts.createKey(APIKeyRequest(name: "k", expiresAt: now), for: "ann", by: world.root) } == .invalidArgument)
        let old = try accounts.createKey(APIKeyRequest(name: "k", expiresAt: now + 10_000), for: "ann", by: world.root)
        #expect(try service.caller(old.secret.text).userName == "ann")
        let new = try accounts.rotateKey(old.key.id, grace: 1_000, by: world.root)
        #expect(try service.caller(old.secret.text).userName == "ann")
        world.clock.advance(byMilliseconds: 1_000)
        #expect(code { _ = try service.caller(old.secret.text) } == .unauthenticated)
        #expect(try service.caller(new.secret.text).userName == "ann")
        #expect(try accounts.keys(of: "ann").last?.lastUsedAt == world.clock.wallMilliseconds)
        #expect(code { try accounts.revokeKey(new.key.id, ofUser: "somebody else", by: world.root) } == .notFound)
        try accounts.revokeKey(new.key.id, by: world.root)
        #expect(code { _ = try service.caller(new.secret.text) } == .unauthenticated)
        let third = try accounts.createKey(APIKeyRequest(name: "k", expiresAt: world.clock.wallMilliseconds + 5), for: "ann", by: world.root)
        #expect(try service.caller(third.secret.text).userName == "ann")
        world.clock.advance(byMilliseconds: 5)
        #expect(code { _ = try service.caller(third.secret.text) } == .unauthenticated)
    }
}
