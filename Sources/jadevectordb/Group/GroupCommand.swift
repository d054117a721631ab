import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct GroupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Users who share roles and grants.",
        discussion: """
              jadevectordb group create team --owner ann
              jadevectordb group add team ben
              jadevectordb role assign readonly --group team
            """,
        subcommands: [GroupCreate.self, GroupList.self, GroupShow.self, GroupDelete.self, GroupAdd.self, GroupRemove.self])
}

struct GroupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Creates a group.")

    @Argument(help: "Letters, digits and . _ - @ +.") var name: String
    @Option(help: "The user who may change its members.") var owner: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let created = try await server.withClient { try await $0.createGroup(name: name, owner: owner) }
        output.show(created) { created.sheet }
    }
}

struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the groups.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let groups = try await server.withClient { try await $0.listGroups() }
        output.show(groups, empty: "there is no group yet: jadevectordb group create NAME", [("name", .left), ("roles", .left), ("members", .left)]) {
            [$0.group.name, $0.roles.joined(separator: " "), $0.members.joined(separator: " ")]
        }
    }
}

struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one group.")

    @Argument(help: "Name or id.") var group: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shown = try await server.withClient { try await $0.describeGroup(group) }
        output.show(shown) { shown.sheet }
    }
}

struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Deletes a group; its members stay.")

    @Argument(help: "Name or id.") var group: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.deleteGroup(group) }
        output.say("deleted group \(group)", [("deleted", group)])
    }
}

struct GroupAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Adds a user to a group.")

    @Argument(help: "Name or id of the group.") var group: String
    @Argument(help: "Name or id of the user.") var user: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.addMember(user, to: group) }
        output.say("\(user) is in group \(group)", [("group", group), ("added", user)])
    }
}

struct GroupRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Takes a user out of a group.")

    @Argument(help: "Name or id of the group.") var group: String
    @Argument(help: "Name or id of the user.") var user: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.removeMember(user, from: group) }
        output.say("\(user) is not in group \(group)", [("group", group), ("removed", user)])
    }
}

extension GroupDescription {
    fileprivate var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("name", group.name)
        sheet.add("id", group.id)
        sheet.add("owner", group.ownerID ?? "–")
        sheet.add("roles", roles.joined(separator: " "))
        sheet.add("members", members.joined(separator: " "))
        sheet.add("created", Numbers.moment(milliseconds: group.createdAt))
        return sheet
    }
}
