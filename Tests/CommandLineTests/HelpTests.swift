import JadeTestSupport
import Testing

@Suite("Help teaches")
struct HelpTests {
    static let verbs: [[String]] = [
        [], ["serve"], ["demo"], ["database"], ["database", "create"], ["database", "list"], ["database", "show"],
        ["database", "update"], ["database", "delete"], ["import"], ["search"], ["export"], ["vector"], ["vector", "get"],
        ["vector", "delete"], ["vector", "count"], ["status"], ["stats"], ["doctor"], ["completion"], ["inspect"], ["verify"], ["repair"], ["kernels"], ["bench"], ["bench", "index"], ["bench", "batch"], ["bench", "server"],
        ["backup"], ["backup", "create"], ["backup", "list"], ["backup", "show"], ["backup", "verify"], ["backup", "restore"], ["backup", "delete"],
        ["backup", "schedule"], ["backup", "schedule", "set"], ["backup", "schedule", "list"], ["backup", "schedule", "delete"], ["backup", "tasks"],
        ["version"], ["login"], ["logout"], ["whoami"], ["user"], ["user", "create"], ["user", "list"], ["user", "show"], ["user", "update"],
        ["user", "password"], ["user", "delete"], ["user", "permissions"], ["user", "export"], ["group"], ["group", "create"], ["group", "list"], ["group", "show"],
        ["group", "delete"], ["group", "add"], ["group", "remove"], ["role"], ["role", "list"], ["role", "show"], ["role", "create"],
        ["role", "update"], ["role", "delete"], ["role", "assign"], ["role", "unassign"], ["role", "permissions"], ["grant"], ["grant", "list"],
        ["grant", "add"], ["grant", "remove"], ["key"], ["key", "create"], ["key", "list"], ["key", "rotate"], ["key", "revoke"], ["session"],
        ["session", "list"], ["session", "end"], ["audit"], ["audit", "list"], ["audit", "export"], ["audit", "verify"],
    ]

    @Test("every verb explains itself", arguments: verbs)
    func everyVerb(_ verb: [String]) async throws {
        let outcome = try await Program.run(verb + ["--help"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: \((["jadevectordb"] + verb).joined(separator: " "))"))
        #expect(outcome.errors.isEmpty)
    }

    @Test("the exit codes stand in the help")
    func exitCodes() async throws {
        let help = try await Program.run("--help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains("Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something named does not exist, 4 no server answers"))
    }

    @Test("serve lists every setting with its default")
    func settings() async throws {
        let help = try await Program.run("serve", "--help").output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for setting in ["--data-directory", "--port ", "--vector-sync-on-write", "--search-threads", "--log-level"] {
            #expect(help.contains(setting), "\(setting)")
        }
        #expect(help.contains("(default 8080)"))
    }

    @Test("version")
    func version() async throws {
        let plain = try await Program.run("version").output
        #expect(plain.wholeMatch(of: #/jadevectordb \d+\.\d+\.\d+\n/#) != nil)
        let json = try await Program.run("version", "--output", "json").output
        #expect(json.wholeMatch(of: #/\{"version":"\d+\.\d+\.\d+"\}\n/#) != nil)
        #expect(try await Program.run("--version").status == 0)
    }
}
