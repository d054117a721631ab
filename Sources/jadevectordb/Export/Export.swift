import ArgumentParser
import Foundation
import JadeAPI
import JadeClient
import JadeCore

struct Export: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// One vector a line, as `import` reads it.
        case jsonl
        /// The values as an array, ids and metadata as lines beside it.
        case npy
        /// Tables, written by Python: see `import`.
        case csv, tsv, parquet, h5
    }

    static let configuration = CommandConfiguration(
        abstract: "Writes the vectors of a database to a file.",
        discussion: """
            In the order of their ids. What is written while the export runs may or may not be in it.

              jadevectordb export docs > docs.jsonl
              jadevectordb export docs --file docs.jsonl --filter '{"section":"net"}'
              jadevectordb export docs --file docs.npy     (with docs.ids.jsonl beside it)
              jadevectordb export docs --file docs.parquet (or .csv, .tsv, .h5: through Python, as import reads them)
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @Option(help: ArgumentHelp("Where to write; standard output otherwise.", valueName: "path")) var file: String?
    @Option(help: "jsonl, npy, csv, tsv, parquet or h5; otherwise what the file's name says.") var format: Format?
    @OptionGroup var filter: FilterOptions
    @Option(help: "Vectors of one request.") var batch = 500
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...Limits.maximumScrollLimit).contains(batch) else {
            throw ValidationError("--batch is \(batch), expected 1 to \(Limits.maximumScrollLimit)")
        }
        guard chosenFormat == .jsonl || file != nil else { throw ValidationError("--format \(chosenFormat.rawValue) needs --file") }
        guard ![.jsonl, .npy].contains(chosenFormat), let file, !file.hasSuffix(".\(chosenFormat.rawValue)") else { return }
        throw ValidationError("--file is \(file), --format \(chosenFormat.rawValue) writes files that end in .\(chosenFormat.rawValue)")
    }

    private var chosenFormat: Format {
        format ?? Format.allCases.first { file?.hasSuffix(".\($0.rawValue)") == true } ?? .jsonl
    }

    func run() async throws {
        let filter = try filter.parsed()
        try await server.withClient { client in
            let source = try await client.describeDatabase(database)
            let total = filter == nil ? source.vectorCount : try await client.count(matching: filter, in: source.id)
            let sink = try sink(dimension: source.specification.field.dimension)
            var progress = Progress("export", total: total, isQuiet: file == nil)
            var request = ScrollRequest(limit: batch, filter: filter, parts: [.values, .metadata])
            var count = 0
            repeat {
                let page = try await client.scroll(request, in: source.id)
                for vector in page.vectors { try sink.write(vector) }
                count += page.vectors.count
                progress.update(count)
                request.after = page.next
            } while request.after != nil
            try sink.finish()
            progress.finish(count)
            if let file { Standard.error("exported \(Numbers.grouped(count)) vectors of \(source.name) to \(file)") }
        }
    }

    private func sink(dimension: Int) throws(JadeError) -> any ExportSink {
        switch chosenFormat {
        case .jsonl: try LineSink(path: file)
        case .npy: try ArraySink(path: file ?? "", dimension: dimension)
        case .csv, .tsv, .parquet, .h5: try TableSink(path: file ?? "")
        }
    }
}
