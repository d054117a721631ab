import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Creates, lists, changes and deletes users, and says what they may do.",
        discussion: """
            Passwords are asked for, or read from standard input; no argument holds one.

              jadevectordb user create ann --role datascientist
              jadevectordb user permissions ann
              jadevectordb user password
            """,
        subcommands: [
            UserCreate.self, UserList.self, UserShow.self, UserUpdateCommand.self, UserPassword.self, UserDelete.self, UserPermissions.self,
            UserExportCommand.self,
        ])
}

struct UserCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a user with a password.")

    @Argument(help: "Letters, digits and . _ - @ +.") var name: String
    @Option(help: "A role of the user; may be given several times.") var role: [String] = []
    @Flag(help: "The user has to set another password at the first login.") var mustChange = false
    @Flag(help: "Without a password: for an owner of keys, or of a certificate.") var noPassword = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let password = noPassword ? nil : try PasswordInput.read("password of \(name): ", confirming: true)
        let request = UserRequest(name: name, password: password, roles: role, mustChangePassword: mustChange)
        let created = try await server.withClient { try await $0.createUser(request) }
        output.show(created) { created.sheet }
    }
}

struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the users.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let users = try await server.withClient { try await $0.listUsers() }
        output.show(
            users, empty: "there is no user",
            [("name", .left), ("roles", .left), ("groups", .left), ("active", .left), ("last login", .left), ("origin", .left)]
        ) { found in
            [
                found.user.name, found.roles.joined(separator: " "), found.groups.joined(separator: " "), found.user.isActive ? "yes" : "no",
                Numbers.moment(found.user.lastLoginAt), found.user.origin.text,
            ]
        }
    }
}

struct UserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one user.")

    @Argument(help: "Name or id.") var user: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shown = try await server.withClient { try await $0.describeUser(user) }
        output.show(shown) { shown.sheet }
    }
}

struct UserUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Renames a user, or lets a user in no longer.",
        discussion: "Deactivating ends the user's sessions; keys stop working at once.")

    @Argument(help: "Name or id.") var user: String
    @Option(help: "The new name.") var name: String?
    @Flag(inversion: .prefixedNo, help: "Whether the user may come in at all.") var active: Bool?
    @Flag(help: "A new password is asked of the user at the next login.") var mustChange = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard name != nil || active != nil || mustChange else {
            throw ValidationError("nothing to change: pass --name, --active, --no-active or --must-change")
        }
    }

    func run() async throws {
        let update = UserUpdate(name: name, isActive: active, mustChangePassword: mustChange ? true : nil)
        let changed = try await server.withClient { try await $0.updateUser(user, update) }
        output.show(changed) { changed.sheet }
    }
}

struct UserPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Changes one's own password, or resets another user's.",
        discussion: "Without a name: one's own, given the old one, on two lines where standard input is no terminal. All sessions end.")

    @Argument(help: "Name or id of the user whose password is reset.") var user: String?
    @Flag(help: "The user has to set another one at the next login.") var mustChange = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        if let user {
            let password = try PasswordInput.read("new password of \(user): ", confirming: true)
            try await server.withClient { try await $0.resetPassword(of: user, to: password, mustChange: mustChange) }
            return output.say("password of \(user) was reset", [("user", user)])
        }
        let old = try PasswordInput.read("old password: ")
        let new = try PasswordInput.read("new password: ", confirming: true)
        try await server.withClient { try await $0.changePassword(from: old, to: new) }
        output.say("password was changed: log in again", [("changed", "password")])
    }
}

struct UserDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a user with keys, sessions and grants; databases stay, without an owner.")

    @Argument(help: "Name or id.") var user: String
    @Flag(help: "Take the user's name and addresses out of the audit log, too; what was done stays in it.") var erase = false
    @Flag(help: "Delete without asking.") var yes = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard yes || Standard.confirm("delete user \(user)?") else {
            throw JadeError.cancelled("user \(user) was not deleted: answer y, or pass --yes")
        }
        try await server.withClient { try await $0.deleteUser(user, erasing: erase) }
        output.say("deleted user \(user)", [("deleted", user)])
    }
}

struct UserPermissions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "permissions", abstract: "Lists what a user may do, and why.")

    @Argument(help: "Name or id.") var user: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let reasons = try await server.withClient { try await $0.accessReasons(of: user) }
        output.show(
            reasons.sorted { ($0.permission.name, $0.database ?? "") < ($1.permission.name, $1.database ?? "") },
            empty: "user \(user) may do nothing", [("permission", .left), ("database", .left), ("because of", .left)]
        ) { [$0.permission.name, $0.database ?? "every", $0.source.sentence] }
    }
}

struct UserExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes all that the server knows of a user as JSON: account, permissions, keys, sessions, deeds.")

    @Argument(help: "Name or id; otherwise oneself.") var user: String?
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let export = try await server.withClient { client in
            guard let user else { return try await client.exportUser(client.caller().userID) }
            return try await client.exportUser(user)
        }
        Standard.out(WireJSON.encode(export))
    }
}

extension UserDescription {
    fileprivate var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("name", user.name)
        sheet.add("id", user.id)
        sheet.add("active", user.isActive ? "yes" : "no")
        sheet.add("roles", roles.joined(separator: " "))
        sheet.add("groups", groups.joined(separator: " "))
        sheet.add("origin", user.origin.text)
        sheet.add("must change password", user.mustChangePassword ? "yes" : "no")
        sheet.add("created", Numbers.moment(milliseconds: user.createdAt))
        sheet.add("last login", Numbers.moment(user.lastLoginAt))
        return sheet
    }
}

extension AccessReason.Source {
    fileprivate var sentence: String {
        switch self {
        case .role(let role): "role \(role)"
        case .groupRole(let group, let role): "role \(role) of group \(group)"
        case .grant: "a grant"
        case .groupGrant(let group): "a grant to group \(group)"
        case .owner: "being the owner"
        }
    }
}
