import Foundation
import JadeClient
import JadeCore
import JadeTestSupport
import Testing

@Suite("The audit log of a server that is killed")
struct AuditKillTests {
    @Test("has every change that was acknowledged, and its chain holds")
    func survives() async throws {
        let folder = try TemporaryFolder()
        var acknowledged: Set<String> = []
        var random = SeededRandom(seed: Tier.seed)
        for round in 0..<(Tier.isLong ? 40 : 4) {
            try await server(in: folder) { server, client in
                let pause = Int.random(in: 5...150, using: &random)
                let killing = Task { [process = server.processIdentifier] in
                    try await Task.sleep(for: .milliseconds(pause))
                    _ = kill(process, SIGKILL)
                }
                while let user = try? await client.createUser(UserRequest(name: "u\(round)-\(acknowledged.count)", password: nil)) {
                    acknowledged.insert("user/\(user.user.id)")
                }
                try await killing.value
                try await server.kill()
            }
        }
        try await server(in: folder) { server, client in
            _ = try await client.verifyAudit()
            var query = AuditQuery(action: "user:create", limit: Limits.maximumAuditPage)
            query.isOldestFirst = true
            var logged: Set<String> = []
            while case let page = try await client.auditEntries(query), let last = page.last {
                logged.formUnion(page.filter { $0.event.outcome == .allowed }.map(\.event.resource))
                query.after = last.sequence
            }
            #expect(acknowledged.count > 0 && acknowledged.isSubset(of: logged), "\(acknowledged.subtracting(logged))")
            // No change without its entry either.
            #expect(Set(try await client.listUsers().map { "user/\($0.user.id)" }).subtracting(logged).count <= 1, "the admin of the first start")
            #expect(try await server.stop() == 0)
        }
    }

    private func server(in folder: TemporaryFolder, _ body: (RunningServer, JadeClient) async throws -> Void) async throws {
        let server = try RunningServer(
            launchedIn: folder, settings: ["--log-level", "warning", "--security-bcrypt-cost", "4"], needsLogin: true)
        try await server.waitUntilReady()
        let password = try String(contentsOfFile: folder.path("data/admin-password"), encoding: .utf8).filter { !$0.isNewline }
        var options = JadeClient.Options()
        options.retries = 0
        let stranger = try JadeClient(url: server.url, options: options)
        options.credential = try await stranger.login(name: "admin", password: password).accessToken
        try await stranger.shutdown()
        let client = try JadeClient(url: server.url, options: options)
        do { try await body(server, client) } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }
}
