import ArgumentParser
import JadeCore

/// The one executable: the server and everything one does with it from a shell.
@main
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jadevectordb",
        abstract: "A vector database: the server, and what one does with it from a shell.",
        discussion: """
            A first minute:

              jadevectordb serve --dev --data-directory ./data
              jadevectordb database create docs --dimension 384 --metric cosine
              jadevectordb import docs vectors.npy --metadata metadata.jsonl --id-field id
              jadevectordb search docs --id some-id --filter '{"section":"net"}'

            Commands that talk to a server take its address from --url or the environment variable JADEVECTORDB_URL, and \
            otherwise http://127.0.0.1:8080. Who they \
            are to it: --api-key, the environment variable JADEVECTORDB_API_KEY, or the login of jadevectordb login. Each prints a table for people, or JSON with --output json, and the requests \
            it sends as curl commands with --curl.

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something named does not exist, 4 no server answers.
            """,
        version: ProgramVersion.current,
        subcommands: [
            Serve.self, Demo.self, DatabaseCommand.self, Import.self, Search.self, Export.self, VectorCommand.self, Status.self,
            Stats.self, Doctor.self,
            Login.self, Logout.self, WhoAmI.self, UserCommand.self, GroupCommand.self, RoleCommand.self, GrantCommand.self, KeyCommand.self,
            SessionCommand.self, UsageCommand.self, QuotaCommand.self, AuditCommand.self, Inspect.self, Verify.self, Repair.self, BackupCommand.self, KernelsCommand.self, Bench.self,
            Completion.self, CommandReference.self, VersionCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as JadeError {
            Standard.error("jadevectordb: \(error.message)")
            Exit.now(Exit.code(for: error))
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            Standard.error(fullMessage(for: error))
            Exit.now(.usage)
        }
    }
}
