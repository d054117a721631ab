import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct Login: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Logs in at a server; the commands that follow are that user's.",
        discussion: """
            Asks for the password, or reads it from standard input. The tokens are kept for you alone, below \
            $XDG_STATE_HOME/jadevectordb, and renewed as they are used. Programs are better served by a key: jadevectordb key create.

              jadevectordb login admin
              jadevectordb login admin < password-file
            """)

    @Argument(help: "Name of the user.") var name: String
    @OptionGroup var server: ServerOptions

    func run() async throws {
        let password = try PasswordInput.read("password of \(name) at \(server.address): ")
        let tokens = try await server.withClient(as: .nobody) { try await $0.login(name: name, password: password) }
        try SavedLogin(url: server.address).save(tokens)
        Standard.out("logged in as \(name) at \(server.address)")
        if tokens.mustChangePassword { Standard.error("the password must be changed before anything else: jadevectordb user password") }
    }
}

struct Logout: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ends the login at a server.")

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let saved = SavedLogin(url: server.address)
        do {
            try await server.withClient { try await $0.logout() }
        } catch let error as JadeError where error.code == .unauthenticated {
            // Over already: what is left is to forget it.
        }
        saved.forget()
        Standard.out("logged out at \(server.address)")
    }
}

struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "whoami", abstract: "Says who one is to a server, and what one may do.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let me = try await server.withClient { try await $0.caller() }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(me))
        case .table:
            var sheet = Sheet()
            sheet.add("user", me.userName)
            sheet.add("credential", me.credential)
            if let tenant = me.tenant { sheet.add("tenant", "\(tenant.field) = \(tenant.value)") }
            sheet.add("everywhere", me.permissions.names.joined(separator: " "))
            for (database, permissions) in me.databasePermissions.sorted(by: { $0.key < $1.key }) {
                sheet.add(database, permissions.names.joined(separator: " "))
            }
            Standard.out(sheet.rendered)
        }
    }
}
