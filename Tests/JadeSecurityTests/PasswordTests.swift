import JadeCore
import JadeIO
import JadeSecurity
import Testing

@Suite("Passwords and secrets")
struct PasswordTests {
    @Test("a hash knows its password, no other, and two of the same differ")
    func hashing() throws {
        let hasher = try PasswordHasher(cost: 4)
        let hash = try hasher.hash("grüße an alle")
        #expect(hash.hasPrefix("$2b$04$"))
        #expect(try hasher.verify("grüße an alle", against: hash))
        #expect(try !hasher.verify("grüße an allE", against: hash))
        #expect(try hasher.hash("grüße an alle") != hash)
        for damaged in ["", "*", "$2b$04$", "plain", String(hash.dropLast())] {
            #expect(try !hasher.verify("grüße an alle", against: damaged))
        }
        #expect(!hasher.isOutdated(hash))
        #expect(try PasswordHasher(cost: 5).isOutdated(hash))
        #expect(code { _ = try PasswordHasher(cost: 3) } == .invalidArgument)
    }

    /// Of the reference implementation's own test vectors (Openwall crypt_blowfish).
    @Test("the hash is bcrypt")
    func reference() throws {
        let hasher = try PasswordHasher(cost: 5)
        #expect(try hasher.verify("U*U", against: "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
        #expect(try !hasher.verify("U*V", against: "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"))
    }

    @Test("the rules name what is wrong")
    func rules() throws {
        let rules = PasswordRules()
        try rules.check("correct horse battery", of: "ann")
        for password in ["short", "aaaaaaaaaaaa", "password123", "i am ann, hello", String(repeating: "xyzw", count: 19), "zero\u{0}zero zero"] {
            #expect(code { try rules.check(password, of: "ann") } == .invalidArgument, "\(password)")
        }
    }

    @Test("secrets are told apart by kind, and their hash is SHA-256")
    func secrets() throws {
        let random = SeededRandomSource(seed: 1)
        var seen = Set<String>()
        for kind in Secret.Kind.allCases {
            let secret = Secret(kind, from: random)
            #expect(Secret(secret.text)?.kind == kind)
            #expect(seen.insert(secret.text).inserted)
        }
        // Of "abc" (FIPS 180-2, appendix B.1).
        let hexadecimal = SecretHash(of: "abc").bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        #expect(hexadecimal.joined() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(constantTimeEqual([1, 2], [1, 2]) && !constantTimeEqual([1, 2], [1, 3]) && !constantTimeEqual([1], [1, 2]))
    }

    @Test("the first start makes one administrator, and production refuses development users")
    func firstStart() throws {
        let world = try World()
        let password = try #require(try world.accounts.makeFirstAdministrator(world.authentication.hasher))
        #expect(password.count == 24)
        #expect(try world.accounts.makeFirstAdministrator(world.authentication.hasher) == nil)
        try world.authentication.caller(world.login("admin", password).accessToken).require(.userManage)
        try world.accounts.requireNoDevelopmentUsers()
        try world.accounts.makeDevelopmentUsers(world.authentication.hasher)
        #expect(try world.accounts.users().map(\.name) == ["admin", "dev", "test"])
        #expect(code { try world.accounts.requireNoDevelopmentUsers() } == .invalidArgument)
        for name in ["dev", "test"] { _ = try world.accounts.updateUser(name, UserUpdate(isActive: false), by: world.root) }
        try world.accounts.requireNoDevelopmentUsers()
    }
}
