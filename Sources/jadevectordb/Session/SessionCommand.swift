import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Logins that are not over.",
        discussion: """
              jadevectordb session list
              jadevectordb session end 0123456789abcdef0123456789abcdef
            """,
        subcommands: [SessionList.self, SessionEnd.self])
}

struct SessionList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists sessions, the latest used first.")

    @OptionGroup var whose: WhoseOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let sessions = try await server.withClient { try await $0.listSessions(whose.whose) }
        output.show(
            sessions, empty: "there is no session",
            [("id", .left), ("user", .left), ("begun", .left), ("last used", .left), ("from", .left), ("with", .left)]
        ) {
            [
                $0.id, $0.userName, Numbers.moment(milliseconds: $0.createdAt), Numbers.moment(milliseconds: $0.lastUsedAt), $0.address, $0.agent,
            ]
        }
    }
}

struct SessionEnd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "end", abstract: "Ends a session at once.")

    @Argument(help: "Id of the session.") var session: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.endSession(session) }
        output.say("ended session \(session)", [("ended", session)])
    }
}
