import ArgumentParser
import Foundation
import JadeAPI
import JadeClient
import JadeCore

struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "API keys: what programs log in with.",
        discussion: """
            A key's secret is shown once. It may do what its user may, or less: certain permissions, certain databases, one tenant's \
            vectors, until a certain time.

              jadevectordb key create loader --permission vector:write --database docs --expires 90d
              jadevectordb key create acme --database docs --tenant customer=acme
              JADEVECTORDB_API_KEY=jade_k_… jadevectordb search docs --id some-id
            """,
        subcommands: [KeyCreate.self, KeyList.self, KeyRotate.self, KeyRevoke.self])
}

struct KeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a key and shows its secret, this once.")

    @Argument(help: "What to call it.") var name: String
    @Option(help: "Whose it is to be; otherwise one's own.") var user: String?
    @Option(help: "No more than this permission; may be given several times.") var permission: [String] = []
    @Option(help: "For this database alone; may be given several times.") var database: [String] = []
    @Option(help: ArgumentHelp("Vectors with this metadata alone, seen and written.", valueName: "field=value")) var tenant: String?
    @Option(help: "Time until it ends, 12h or 90d; otherwise it has no end.") var expires: TimeSpan?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws { _ = try binding }

    private var binding: TenantBinding? {
        get throws {
            guard let tenant else { return nil }
            let parts = tenant.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--tenant is \(tenant), expected field=value") }
            return TenantBinding(field: parts[0], value: parts[1])
        }
    }

    func run() async throws {
        let end = expires.map { Int64(Date().timeIntervalSince1970 * 1_000) + Int64($0.seconds) * 1_000 }
        let request = APIKeyRequest(
            name: name, scopes: permission.isEmpty ? nil : try PermissionSet(names: permission),
            databases: database.isEmpty ? nil : Set(database), tenant: try binding, expiresAt: end)
        let issued = try await server.withClient { try await $0.createKey(request, for: user) }
        output.show(issued) { issued.sheet }
    }
}

/// Whose keys or sessions to list.
struct WhoseOptions: ParsableArguments {
    @Option(help: "Name or id of another user.") var user: String?
    @Flag(help: "Everybody's.") var all = false

    mutating func validate() throws {
        guard user == nil || !all else { throw ValidationError("pass either --user or --all") }
    }

    var whose: Whose { user.map { .of(user: $0) } ?? (all ? .everybodys : .mine) }
}

struct KeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists keys, without their secrets.")

    @OptionGroup var whose: WhoseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let keys = try await server.withClient { try await $0.listKeys(whose.whose) }
        output.show(
            keys, empty: "there is no key yet: jadevectordb key create NAME",
            [("id", .left), ("user", .left), ("name", .left), ("ends", .left), ("last used", .left), ("limits", .left)]
        ) { key in
            let end = key.revokedAt.map { "revoked \(Numbers.moment(milliseconds: $0))" } ?? Numbers.moment(key.expiresAt)
            return [key.id, key.userName, key.name, end, Numbers.moment(key.lastUsedAt), key.limits]
        }
    }
}

struct KeyRotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Makes a new key in place of one, and shows its secret, this once.")

    @Argument(help: "Id of the key.") var key: String
    @Option(help: "How long the old one goes on, 10m or 24h.") var grace: TimeSpan?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let issued = try await server.withClient { try await $0.rotateKey(key, graceSeconds: grace?.seconds ?? 0) }
        output.show(issued) { issued.sheet }
    }
}

struct KeyRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Ends a key at once.")

    @Argument(help: "Id of the key.") var key: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.revokeKey(key) }
        output.say("revoked key \(key)", [("revoked", key)])
    }
}

extension APIKey {
    fileprivate var limits: String {
        var limits: [String] = []
        if let scopes { limits.append(scopes.names.joined(separator: " ")) }
        if let databases { limits.append("on \(databases.sorted().joined(separator: " "))") }
        if let tenant { limits.append("\(tenant.field)=\(tenant.value)") }
        return limits.joined(separator: "; ")
    }
}

extension IssuedKey {
    fileprivate var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("secret", secret)
        sheet.add("id", key.id)
        sheet.add("user", key.userName)
        sheet.add("name", key.name)
        sheet.add("limits", key.limits.isEmpty ? "none beyond its user's" : key.limits)
        sheet.add("ends", Numbers.moment(key.expiresAt))
        return sheet
    }
}
