import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct GrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Permissions on single databases.",
        discussion: """
              jadevectordb grant add docs --user ann --permission vector:read --permission database:read
              jadevectordb grant list docs
            """,
        subcommands: [GrantList.self, GrantAdd.self, GrantRemove.self])
}

struct GrantList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists who was granted what on a database.")

    @Argument(help: "Name or id of the database.") var database: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let grants = try await server.withClient { try await $0.grants(on: database) }
        output.show(
            grants, empty: "nothing was granted on \(database)", [("to", .left), ("name", .left), ("permission", .left), ("since", .left)]
        ) { [$0.grantee.kind, $0.granteeName, $0.permission.name, Numbers.moment(milliseconds: $0.grantedAt)] }
    }
}

struct GrantAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Grants permissions on a database.")

    @Argument(help: "Name or id of the database.") var database: String
    @OptionGroup var to: GranteeOptions
    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let set = try permissions.set
        try await server.withClient { try await $0.grant(set, on: database, to: to.grantee) }
        output.say("\(to.name) has \(set.names.joined(separator: ", ")) on \(database)", [("database", database), ("granted", to.name)])
    }
}

struct GrantRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Takes grants on a database back.")

    @Argument(help: "Name or id of the database.") var database: String
    @OptionGroup var from: GranteeOptions
    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let set = try permissions.set
        try await server.withClient { try await $0.revoke(set, on: database, from: from.grantee) }
        output.say("\(from.name) has no grant of \(set.names.joined(separator: ", ")) on \(database)", [("database", database), ("revoked", from.name)])
    }
}
