import Foundation
import JadeTestSupport
import Testing

@Suite("The first start of a server with accounts")
struct FirstStartTests {
    private func start(_ folder: TemporaryFolder, _ settings: String...) throws -> RunningServer {
        try RunningServer(launchedIn: folder, settings: ["--log-level", "warning", "--security-bcrypt-cost", "4"] + settings, needsLogin: true)
    }

    @Test("makes an admin once; its password is in a file for the owner alone, and logs in")
    func files() async throws {
        let folder = try TemporaryFolder()
        let first = try start(folder)
        try await first.waitUntilReady()
        let path = folder.path("data/admin-password")
        let password = try String(contentsOfFile: path, encoding: .utf8).filter { !$0.isNewline }
        #expect(password.count == 24)
        for (file, mode) in [("data/admin-password", 0o600), ("data/system.db", 0o600), ("data", 0o700)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(file))
            #expect(attributes[.posixPermissions] as? Int == mode, "\(file)")
        }
        let refused = try await first.run("status")
        #expect(refused.status == 1 && refused.errors.contains("this needs a login"), "\(refused.errors)")
        #expect(try await first.stop() == 0)

        let second = try start(folder)
        try await second.waitUntilReady()
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(password))
        #expect(!second.logged.contains(password))
        #expect(try await second.stop() == 0)
    }

    @Test("a login, its keys and its grants work from the command line")
    func commands() async throws {
        let folder = try TemporaryFolder()
        let server = try start(folder)
        try await server.waitUntilReady()
        let password = try String(contentsOfFile: folder.path("data/admin-password"), encoding: .utf8)
        let state = ["XDG_STATE_HOME": folder.path("state")]
        let login = try await server.run("login", "admin", input: password, environment: state)
        #expect(login.status == 0 && login.output.contains("logged in as admin"), "\(login.errors)")
        let saved = try FileManager.default.contentsOfDirectory(atPath: folder.path("state/jadevectordb")).filter { $0.hasSuffix("login") || $0.hasPrefix("login") }
        for file in saved {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("state/jadevectordb/\(file)"))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        #expect(try await server.run("database", "create", "docs", "--dimension", "2", environment: state).status == 0)
        let user = try await server.run("user", "create", "ann", input: "a long password\n", environment: state)
        #expect(user.status == 0, "\(user.errors)")
        let grant = try await server.run(
            "grant", "add", "docs", "--user", "ann", "--permission", "vector:read", "--permission", "database:read", environment: state)
        #expect(grant.status == 0, "\(grant.errors)")
        let key = try await server.run("key", "create", "k", "--user", "ann", "--output", "json", environment: state)
        let secret = try #require(key.output.firstMatch(of: #/"secret":"(jade_k_[^"]+)"/#)?.1, "\(key.errors)")
        let ann = ["JADEVECTORDB_API_KEY": String(secret)]
        #expect(try await server.run("database", "list", environment: ann).output.contains("docs"))
        #expect(try await server.run("vector", "count", "docs", environment: ann).status == 0)
        let refused = try await server.run("database", "delete", "docs", "--yes", environment: ann)
        #expect(refused.status == 1 && refused.errors.contains("database:delete"), "\(refused.errors)")
        let reasons = try await server.run("user", "permissions", "ann", environment: state)
        #expect(reasons.output.contains("vector:read") && reasons.output.contains("a grant"))
        let audit = try await server.run("audit", "list", "--outcome", "refused", environment: state)
        #expect(audit.output.contains("database:delete") && audit.output.contains("ann/k"), "\(audit.output)")
        #expect(try await server.run("audit", "verify", environment: state).status == 0)
        #expect(try await server.run("quota", "set", "--user", "ann", "--requests-per-sec", "1", environment: state).status == 0)
        let usage = try await server.run("usage", "--all", environment: state)
        #expect(usage.output.contains("1 requests/s, its own") && usage.output.contains("docs"), "\(usage.output) \(usage.errors)")
        #expect(try await server.run("quota", "remove", "--user", "ann", environment: state).status == 0)
        let own = try await server.run("usage", environment: ann)
        #expect(own.output.contains("ann/k") && !own.output.contains("docs"), "\(own.output) \(own.errors)")
        #expect(try await server.run("database", "owner", "docs", "ann", environment: state).status == 0)
        #expect(try await server.run("database", "delete", "docs", "--yes", environment: ann).status == 0)
        let erased = try await server.run("user", "delete", "ann", "--erase", "--yes", environment: state)
        #expect(erased.status == 0, "\(erased.errors)")
        #expect(try await server.run("audit", "verify", environment: state).status == 0)
        #expect(try await !server.run("audit", "list", "--limit", "1000", environment: state).output.contains("ann/k"))
        #expect(try await server.run("logout", environment: state).status == 0)
        #expect(try await server.run("user", "list", environment: state).status == 1)
        #expect(!server.logged.contains(secret) && !server.logged.contains(password))
        #expect(try await server.stop() == 0)
    }

    @Test("production does not start with the users of development, and no server without login on a network")
    func production() async throws {
        let folder = try TemporaryFolder()
        let development = try start(folder, "--security-environment", "development")
        try await development.waitUntilReady()
        for (name, password) in [("admin", "admin123"), ("dev", "dev123"), ("test", "test123")] {
            let login = try await development.run("login", name, input: password + "\n", environment: ["XDG_STATE_HOME": folder.path("state")])
            #expect(login.status == 0, "\(login.errors)")
        }
        #expect(try await development.stop() == 0)
        let production = try await Program.run("serve", "--port", "0", "--data-directory", folder.path("data"))
        #expect(production.status == 1 && production.errors.contains("admin, dev, test are active"), "\(production.errors)")
        let open = try await Program.run("serve", "--dev", "--host", "0.0.0.0", "--port", "0", "--data-directory", folder.path("data"))
        #expect(open.status == 1 && open.errors.contains("without login"), "\(open.errors)")
        let clear = try await Program.run("serve", "--host", "0.0.0.0", "--port", "0", "--data-directory", folder.path("data"))
        #expect(clear.status == 1 && clear.errors.contains("allow_unencrypted_network"), "\(clear.errors)")
    }
}
