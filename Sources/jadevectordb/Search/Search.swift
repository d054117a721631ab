import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct Search: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Finds the vectors nearest to a vector.",
        discussion: """
            What to search near is one of: numbers, a row of a file, a stored vector's id (which is left out of its own results), or a text
            where the database names an embedding provider.

              jadevectordb search packages --id wireshark --filter '{"section":"net","installed_size_kib":{"$lt":500}}'
              jadevectordb search packages --file queries.npy --row 7 --top-k 5 --fields summary,section
              jadevectordb search docs --values "[0.12, -0.5, 0.33]" --threshold 0.8 --output json
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @OptionGroup var near: QueryOptions
    @Option(name: [.customShort("k"), .long], help: "Results at most.") var topK: Int = 10
    @OptionGroup var filter: FilterOptions
    @Option(parsing: .unconditional, help: "Only results that score at least this (euclidean: at most).") var threshold: Float?
    @Option(help: "Candidates that the search keeps: more find more, slower.") var efSearch: Int?
    @Option(help: "Lists of an ivf index that the search looks through: more find more, slower.") var nprobe: Int?
    @Option(help: "Whether what codes find is compared with the vectors themselves: true or false.") var rescore: Bool?
    @Option(help: "How many times the wanted results are compared so: more find more, slower.") var oversampling: Double?
    @Flag(help: "Compare with every vector instead of using the index.") var exact = false
    @Flag(help: "Print how the search was carried out.") var explain = false
    @Flag(help: "Give the values back too.") var includeValues = false
    @Flag(inversion: .prefixedNo, help: "Give the metadata back.") var metadata = true
    @Option(help: ArgumentHelp("Metadata fields to print as columns, with commas between them.", valueName: "names")) var fields: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        var request = SearchRequest(
            query: try near.query(), topK: topK, efSearch: efSearch, filter: try filter.parsed(), threshold: threshold, exact: exact,
            explain: explain, nprobe: nprobe, rescore: rescore, oversampling: oversampling)
        if includeValues { request.parts.insert(.values) }
        if metadata { request.parts.insert(.metadata) }
        try request.validate()
        let response = try await server.withClient { [request] client in
            guard let text = near.text else { return try await client.search(request, in: database) }
            return try await client.search(text: text, in: database) { $0 = request }
        }
        switch output.output {
        case .json: Standard.out(JSONOutput.search(response))
        case .table: show(response)
        }
    }

    private func show(_ response: SearchResponse) {
        let names = fields.map { $0.split(separator: ",").map { String($0.filter { !$0.isWhitespace }) } }
        Standard.out(ResultTable(fields: names, showsValues: includeValues, showsMetadata: metadata).rendered(response.results))
        if response.results.isEmpty { Standard.error("nothing matches") }
        if let plan = response.plan { Standard.out("\n" + plan.sheet.rendered) }
    }
}

extension SearchPlan {
    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("strategy", strategy.rawValue)
        if let efSearch { sheet.add("ef_search", efSearch) }
        if let nprobe { sheet.add("nprobe", nprobe) }
        sheet.add("visible", visible)
        if let matching { sheet.add("matching", matching) }
        sheet.add("scanned tail", tail)
        sheet.add("microseconds", microseconds)
        return sheet
    }
}
