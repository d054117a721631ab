import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Renames a database, changes how thoroughly it searches or how long it keeps vectors.",
        discussion: """
            Dimension, metric and index settings stay as they were created: they shape what is stored.

              jadevectordb database update docs --ef-search 128
              jadevectordb database update docs --name articles
            """)

    @Argument(help: "Name or id.") var database: String
    @Option(help: "The new name.") var name: String?
    @Option(help: "Candidates kept by a search that does not say its own.") var efSearch: Int?
    @Option(help: "Lists that a search of an ivf index looks through where it does not say.") var nprobe: Int?
    @Option(help: "How many times the wanted results are compared with the vectors themselves after a search by codes.") var oversampling: Double?
    @Option(help: "Whether what codes find is compared with the vectors: true or false.") var rescore: Bool?
    @Option(help: "What is stored from now on expires after so long, 90s, 12h or 30d; 0 keeps it.") var retention: TimeSpan?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard name != nil || efSearch != nil || retention != nil || nprobe != nil || oversampling != nil || rescore != nil else {
            throw ValidationError("nothing to change: pass --name, --ef-search, --nprobe, --rescore, --oversampling or --retention")
        }
    }

    func run() async throws {
        let update = DatabaseUpdate(
            name: name, efSearch: efSearch, nprobe: nprobe, rescore: rescore, oversampling: oversampling,
            retentionSeconds: retention?.seconds)
        let changed = try await server.withClient { try await $0.updateDatabase(database, update) }
        switch output.output {
        case .table: Standard.out(changed.sheet.rendered)
        case .json: Standard.out(JSONOutput.database(changed))
        }
    }
}
