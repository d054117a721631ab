import ArgumentParser
import JadeCore
import JadeServer

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the server until it is told to stop.",
        discussion: """
            Every setting of the configuration is a flag. A flag outranks the environment, which outranks the file, which outranks the \
            default. SIGTERM and Ctrl-C answer what is under way, close the databases and end; a second one ends at once, and \
            nothing that was acknowledged is lost either way.

            The first start makes the user admin and prints its password once; it is kept in admin-password in the data directory.

              jadevectordb serve --dev --data-directory ./data
              jadevectordb serve --data-directory ./data
              jadevectordb serve --config /etc/jadevectordb/jadevectordb.conf --port 9000
              jadevectordb serve --port 0 --port-file ./port

            \(SettingFlags.help)
            """)

    @Option(help: ArgumentHelp("The configuration file; otherwise $JADEVECTORDB_CONFIG or the usual places.", valueName: "path"))
    var config: String?
    @Flag(help: "For a laptop: listens on this machine's own address, and nobody needs to log in.") var dev = false
    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Settings, as listed above.", valueName: "--setting value"))
    var settings: [String] = []

    func validate() throws { _ = try SettingFlags.parsed(settings) }

    func run() async throws {
        var flags = try SettingFlags.parsed(settings)
        if dev { flags.merge(["security-login": "false"]) { given, _ in given } }
        try await Server.serve(ServerConfiguration.load(file: config, flags: flags))
    }
}
