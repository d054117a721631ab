import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Who did what, and how it ended.",
        discussion: """
            Each entry carries a hash over itself and the one before: an entry that was changed, taken out or put in is found by \
            verify. Keep the head it prints somewhere else: whoever can write the whole log can make a new chain.

              jadevectordb audit list --outcome refused
              jadevectordb audit export > audit.jsonl
              jadevectordb audit verify
            """,
        subcommands: [AuditList.self, AuditExport.self, AuditVerify.self])
}

/// Which entries.
struct AuditOptions: ParsableArguments {
    @Option(help: "Name or id of who did it.") var actor: String?
    @Option(help: "What was done, such as login or user:create.") var action: String?
    @Option(help: "To what, such as user/0123….") var resource: String?
    @Option(help: "allowed, refused or failed.") var outcome: AuditEvent.Outcome?
    @Option(help: ArgumentHelp("From this moment on, such as 2026-11-22T12:00:00Z.", valueName: "time")) var from: String?
    @Option(help: ArgumentHelp("Up to this moment.", valueName: "time")) var to: String?

    func query(limit: Int) throws(JadeError) -> AuditQuery {
        AuditQuery(
            actor: actor, action: action, resource: resource, outcome: outcome,
            from: try from.map { text throws(JadeError) in try Timestamp.milliseconds(of: text, "--from") },
            to: try to.map { text throws(JadeError) in try Timestamp.milliseconds(of: text, "--to") }, limit: limit)
    }
}

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists entries, the newest first.")

    @OptionGroup var which: AuditOptions
    @Option(help: "How many, up to \(Limits.maximumAuditPage).") var limit = 50
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let query = try which.query(limit: limit)
        let entries = try await server.withClient { try await $0.auditEntries(query) }
        output.show(
            entries, empty: "there is no such entry",
            [
                ("number", .right), ("at", .left), ("who", .left), ("did", .left), ("to", .left), ("outcome", .left), ("from", .left),
                ("request", .left),
            ]
        ) {
            let event = $0.event
            return [
                String($0.sequence), Numbers.moment(milliseconds: $0.at), event.actor, event.action, event.resource, event.outcome.rawValue,
                event.address, event.requestID,
            ]
        }
    }
}

struct AuditExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all entries as JSON, one a line, the oldest first.")

    @OptionGroup var which: AuditOptions
    @Option(help: "Only entries after this number: what an export before this one ended with.") var after: Int64?
    @OptionGroup var server: ServerOptions

    func run() async throws {
        var query = try which.query(limit: Limits.maximumAuditPage)
        query.isOldestFirst = true
        query.after = after
        try await server.withClient { client in
            while true {
                let page = try await client.auditEntries(query)
                for entry in page { Standard.out(WireJSON.encode(entry)) }
                guard page.count == query.limit, let last = page.last else { return }
                query.after = last.sequence
            }
        }
    }
}

struct AuditVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Walks the chain of hashes and prints its head.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let head = try await server.withClient { try await $0.verifyAudit() }
        output.show(head) {
            var sheet = Sheet()
            sheet.add("last entry", String(head.sequence))
            sheet.add("hash", Hexadecimal.text(head.hash))
            return sheet
        }
    }
}
