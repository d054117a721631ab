import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates a database.",
        discussion: """
            The dimension is how many numbers each vector has: the embedding model says. The metric is how the model's vectors are \
            meant to be compared; cosine fits nearly all text and image models.

              jadevectordb database create docs --dimension 768
              jadevectordb database create photos --dimension 128 --metric euclidean --m 32 --ef-construction 400
            """)

    @Argument(help: "Letters, digits, '.', '_' and '-'; starts with a letter or digit.") var name: String
    @Option(help: "Numbers of each vector.") var dimension: Int
    @Option(help: "cosine, euclidean or dot.") var metric: Metric = .cosine
    @OptionGroup var index: IndexOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let specification = DatabaseSpecification(name: name, dimension: dimension, metric: metric, index: index.settings)
        try specification.validate()
        let created = try await server.withClient { try await $0.createDatabase(specification) }
        switch output.output {
        case .table: Standard.out(created.sheet.rendered)
        case .json: Standard.out(JSONOutput.database(created))
        }
    }
}

/// What a graph search reads instead of the vectors.
struct CodeOptions: ParsableArguments {
    @Option(help: "Codes that the graph is searched by: none, sq8 or sq4 (8 or 4 bits a component).")
    var quantization: IndexSettings.Quantization = .none
    @Option(help: "How many times the wanted results are compared with the vectors themselves after a search by codes.")
    var oversampling: Double = IndexSettings().oversampling
    @Flag(help: "Answer with what the codes say, without comparing with the vectors.") var noRescore = false

    func settings(_ settings: IndexSettings) -> IndexSettings {
        var settings = settings
        settings.quantization = quantization
        settings.oversampling = oversampling
        settings.rescore = !noRescore
        return settings
    }
}

/// The index of a new database.
struct IndexOptions: ParsableArguments {
    @Option(help: "hnsw, or flat for none: every search compares with all vectors.") var index: IndexSettings.Kind = .hnsw
    @Option(name: .customLong("m"), help: "Links of a node: more find more and take more memory.") var m: Int = IndexSettings().m
    @Option(help: "Candidates kept while a vector is inserted: more build a better graph, slower.")
    var efConstruction: Int = IndexSettings().efConstruction
    @Option(help: "Candidates kept by a search: more find more, slower. A search can say its own.")
    var efSearch: Int = IndexSettings().efSearch

    @OptionGroup var codes: CodeOptions

    var settings: IndexSettings {
        codes.settings(IndexSettings(kind: index, m: m, efConstruction: efConstruction, efSearch: efSearch))
    }
}
