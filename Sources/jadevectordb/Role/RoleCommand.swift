import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct RoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Named sets of permissions, and who has them.",
        discussion: """
              jadevectordb role list
              jadevectordb role permissions
              jadevectordb role create loader --permission vector:write --permission database:read
              jadevectordb role assign loader --user ann
            """,
        subcommands: [
            RoleList.self, RoleShow.self, RoleCreate.self, RoleUpdate.self, RoleDelete.self, RoleAssign.self, RoleUnassign.self,
            RolePermissions.self,
        ])
}

/// Permissions by their names.
struct PermissionOptions: ParsableArguments {
    @Option(help: "A permission such as vector:read; may be given several times.") var permission: [String] = []

    mutating func validate() throws {
        guard !permission.isEmpty else { throw ValidationError("pass at least one --permission; jadevectordb role permissions lists them") }
    }

    var set: PermissionSet { get throws(JadeError) { try PermissionSet(names: permission) } }
}

/// Either a user or a group.
struct GranteeOptions: ParsableArguments {
    @Option(help: "Name or id of a user.") var user: String?
    @Option(help: "Name or id of a group.") var group: String?

    mutating func validate() throws {
        guard (user == nil) != (group == nil) else { throw ValidationError("pass either --user or --group") }
    }

    var grantee: Grantee { user.map { .user(id: $0) } ?? .group(id: group ?? "") }
    var name: String { user ?? group ?? "" }
}

struct RoleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the roles.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let roles = try await server.withClient { try await $0.listRoles() }
        output.show(roles, empty: "there is no role", [("name", .left), ("meaning", .left), ("permissions", .left)]) {
            [$0.name, $0.meaning, $0.permissions == .all ? "all" : $0.permissions.names.joined(separator: " ")]
        }
    }
}

struct RoleShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one role.")

    @Argument(help: "Name or id.") var role: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shown = try await server.withClient { try await $0.describeRole(role) }
        output.show(shown) { shown.sheet }
    }
}

struct RoleCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a role of one's own.")

    @Argument(help: "Letters, digits and . _ - @ +.") var name: String
    @Option(help: "What it is for.") var meaning = ""
    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let request = RoleRequest(name: name, meaning: meaning, permissions: try permissions.set)
        let created = try await server.withClient { try await $0.createRole(request) }
        output.show(created) { created.sheet }
    }
}

struct RoleUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Replaces what a role holds; whoever has it is affected at once.")

    @Argument(help: "Name or id.") var role: String
    @OptionGroup var permissions: PermissionOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let set = try permissions.set
        let changed = try await server.withClient { try await $0.updateRole(role, permissions: set) }
        output.show(changed) { changed.sheet }
    }
}

struct RoleDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes a role; whoever has it loses what it gave.")

    @Argument(help: "Name or id.") var role: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.deleteRole(role) }
        output.say("deleted role \(role)", [("deleted", role)])
    }
}

struct RoleAssign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "assign", abstract: "Gives a role to a user or a group.")

    @Argument(help: "Name or id.") var role: String
    @OptionGroup var to: GranteeOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.assignRole(role, to: to.grantee) }
        output.say("\(to.name) has role \(role)", [("role", role), ("assigned", to.name)])
    }
}

struct RoleUnassign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "unassign", abstract: "Takes a role from a user or a group.")

    @Argument(help: "Name or id.") var role: String
    @OptionGroup var from: GranteeOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.unassignRole(role, from: from.grantee) }
        output.say("\(from.name) does not have role \(role)", [("role", role), ("unassigned", from.name)])
    }
}

struct RolePermissions: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "permissions", abstract: "Lists the permissions there are.")

    @OptionGroup var output: OutputOptions

    func run() {
        output.show(Permission.allCases, empty: "", [("permission", .left), ("for one database", .left), ("allows to", .left)]) {
            [$0.name, $0.isPerDatabase ? "yes" : "no", $0.meaning]
        }
    }
}

extension Role {
    fileprivate var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("name", name)
        sheet.add("id", id)
        sheet.add("meaning", meaning)
        sheet.add("predefined", isPredefined ? "yes" : "no")
        sheet.add("permissions", permissions.names.joined(separator: " "))
        return sheet
    }
}
