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
              jadevectordb database create large --dimension 1536 --reduction pca --quantization rabitq4
              jadevectordb database create archive --dimension 768 --index ivf --quantization pq --nprobe 32
              jadevectordb database create codes --dimension 1024 --element-type b1 --metric hamming
              jadevectordb database create sessions --dimension 384 --retention 30d
            """)

    @Argument(help: "Letters, digits, '.', '_' and '-'; starts with a letter or digit.") var name: String
    @Option(help: "Numbers of each vector.") var dimension: Int
    @Option(help: "cosine, euclidean, dot or manhattan; of bits hamming or jaccard.") var metric: Metric = .cosine
    @Option(help: "How numbers are stored and compared: f32, f16, bf16, i8, u8, or b1 for bits.") var elementType: ElementType = .float32
    @Option(help: "Vectors expire so long after they were stored, 90s, 12h or 30d, unless they say otherwise.") var retention: TimeSpan?
    @Option(help: ArgumentHelp("The server's provider that makes vectors of texts for this database.", valueName: "provider")) var embedding: String?
    @OptionGroup var index: IndexOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let specification = DatabaseSpecification(
            name: name, dimension: dimension, metric: metric, elementType: elementType, index: index.settings,
            retentionSeconds: retention?.seconds, embedding: embedding)
        try specification.validate()
        let created = try await server.withClient { try await $0.createDatabase(specification) }
        switch output.output {
        case .table: Standard.out(created.sheet.rendered)
        case .json: Standard.out(JSONOutput.database(created))
        }
    }
}

/// What a search reads instead of the vectors.
struct CodeOptions: ParsableArguments {
    @Option(help: "Codes that the index is searched by: none, sq8 or sq4 (8 or 4 bits a component), pq, rabitq (1 bit), rabitq4 or rabitq8.")
    var quantization: IndexSettings.Quantization = .none
    @Option(help: "Fewer dimensions that a graph is searched by, coded or not: none, pca (those in which the vectors differ most) or truncate (the first).")
    var reduction: IndexSettings.Reduction = .none
    @Option(help: "How many dimensions are left; 0 leaves half.") var reducedDimension: Int = 0
    @Option(help: "How many times the wanted results are compared with the vectors themselves after a search by codes; 2, reduced 3, of pq 8, of rabitq 4.")
    var oversampling: Double?
    @Flag(help: "Answer with what the codes say, without comparing with the vectors.") var noRescore = false

    func settings(_ settings: IndexSettings) -> IndexSettings {
        var settings = settings
        settings.quantization = quantization
        (settings.reduction, settings.reducedDimension) = (reduction, reducedDimension)
        settings.oversampling = oversampling ?? settings.usualOversampling
        settings.rescore = !noRescore
        return settings
    }
}

/// Of inverted lists.
struct ListOptions: ParsableArguments {
    @Option(help: "Lists of an ivf index; 0 takes twice the square root of the number of vectors.") var nlist: Int = 0
    @Option(help: "Lists that a search of an ivf index looks through: more find more, slower. A search can say its own.")
    var nprobe: Int = IndexSettings().nprobe
    @Option(help: "Pieces of a pq code; 0 takes one for every second component, for every fourth beyond 256 dimensions.")
    var pqSubspaces: Int = 0

    func settings(_ settings: IndexSettings) -> IndexSettings {
        var settings = settings
        (settings.nlist, settings.nprobe, settings.pqSubspaces) = (nlist, nprobe, pqSubspaces)
        return settings
    }
}

/// The index of a new database.
struct IndexOptions: ParsableArguments {
    @Option(help: "hnsw; ivf for inverted lists, smaller and quicker to build; or flat for none: every search compares with all vectors.")
    var index: IndexSettings.Kind = .hnsw
    @Option(name: .customLong("m"), help: "Links of a node: more find more and take more memory.") var m: Int = IndexSettings().m
    @Option(help: "Candidates kept while a vector is inserted: more build a better graph, slower.")
    var efConstruction: Int = IndexSettings().efConstruction
    @Option(help: "Candidates kept by a search: more find more, slower. A search can say its own.")
    var efSearch: Int = IndexSettings().efSearch
    @OptionGroup var lists: ListOptions
    @OptionGroup var codes: CodeOptions

    var settings: IndexSettings {
        codes.settings(lists.settings(IndexSettings(kind: index, m: m, efConstruction: efConstruction, efSearch: efSearch)))
    }
}
