import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stores the vectors of a file.",
        discussion: """
            Reads .npy (f2, f4, f8, u1, i1), .fvecs, .bvecs and .jsonl, each also packed by gzip; .csv, .tsv, .parquet and .h5 through Python \
            ($JADEVECTORDB_PYTHON or python3, with pyarrow for Parquet and h5py for HDF5): a column of values, or several by a pattern, the id, and \
            every other column as metadata. A line of .jsonl is \
            {"id": …, "values": [ … ], "metadata": { … }}, as export writes it, with "expires_at" or "ttl_seconds" for a vector that is to expire. Rows of numbers take their metadata from the lines of \
            --metadata and their ids from one of its fields, or count from --first-id.

              jadevectordb import docs vectors.npy --metadata metadata.jsonl.gz --id-field id
              jadevectordb import docs articles.parquet --values-column embedding --id-field url
              jadevectordb import iris iris.csv --values-column 'v*' --create
              jadevectordb import photos base.fvecs --create --metric euclidean
              jadevectordb import docs backup.jsonl.gz

            An import that was interrupted goes on where it stopped when the same command is given again. Storing a vector twice \
            changes nothing, so nothing is lost or doubled.
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @Argument(help: "The file.") var file: String
    @Option(help: ArgumentHelp("JSON lines with the metadata of the rows, in their order.", valueName: "path")) var metadata: String?
    @Option(help: ArgumentHelp("Metadata field that is the id; it leaves the metadata.", valueName: "name")) var idField: String?
    @Option(help: ArgumentHelp("Column of a table that holds the values, or a pattern such as 'v*' for one number a column.", valueName: "name")) var valuesColumn: String?
    @Option(help: "Id of the first row, when no field names it.") var firstID: UInt64 = 0
    @Flag(help: "Scale every vector to length 1.") var normalize = false
    @Option(help: "Vectors that do not say otherwise expire so long after they are stored: 90s, 12h or 30d.") var ttl: TimeSpan?
    @Flag(help: "Create the database when it does not exist, in the file's dimension.") var create = false
    @Option(help: "Metric of a database that --create creates.") var metric: Metric = .cosine
    @Option(help: "Vectors of one request.") var batch = 500
    @Option(help: "Requests under way at a time.") var parallel = 4
    @Flag(help: "Begin at the front, whatever an earlier import has stored.") var restart = false
    @Flag(help: "Only read and check the file; no server is needed.") var dryRun = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...Limits.maximumBatchOperations).contains(batch) else {
            throw ValidationError("--batch is \(batch), expected 1 to \(Limits.maximumBatchOperations)")
        }
        if let ttl, !(1...Limits.maximumRetentionSeconds).contains(ttl.seconds) {
            throw ValidationError("--ttl is \(ttl.seconds) seconds, expected 1 to \(Limits.maximumRetentionSeconds)")
        }
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel is \(parallel), expected 1 to 64") }
    }

    func run() async throws {
        let options = Records.Options(
            metadata: metadata, idField: idField, valuesColumn: valuesColumn, firstID: firstID, normalize: normalize, expiry: ttl.map { .after(seconds: $0.seconds) })
        let source = try Records.open(file, options)
        if dryRun { return try DryRun(file: file, output: output.output).check(source) }
        try await server.withClient { client in
            let target = try await target(of: source, client)
            let state = ImportState(database: target.id, file: file, options: options)
            try await store(source, in: target, state, client)
        }
    }
}

extension Import {
    private func target(of source: any RecordSource, _ client: JadeClient) async throws(JadeError) -> DatabaseDescription {
        do {
            let found = try await client.describeDatabase(database)
            try requireDimension(source.dimension, of: found)
            return found
        } catch {
            guard error.code == .notFound else { throw error }
            return try await created(for: source, client, error)
        }
    }

    private func created(
        for source: any RecordSource, _ client: JadeClient, _ missing: JadeError
    ) async throws(JadeError) -> DatabaseDescription {
        guard create else {
            throw .notFound("\(missing.message): create it with \"jadevectordb database create\", or pass --create")
        }
        var known = source.dimension
        if known == nil { known = try firstDimension() }
        guard let dimension = known else {
            throw .invalidArgument("\(file) holds no vectors, --create cannot tell their dimension: use \"jadevectordb database create\"")
        }
        return try await client.createDatabase(DatabaseSpecification(name: database, dimension: dimension, metric: metric))
    }

    /// Of a file whose vectors tell only themselves: it is opened once more for its first one.
    private func firstDimension() throws(JadeError) -> Int? {
        try Records.open(file, Records.Options(idField: idField, valuesColumn: valuesColumn)).next()?.values.count
    }

    private func requireDimension(_ dimension: Int?, of database: DatabaseDescription) throws(JadeError) {
        let expected = database.specification.field.dimension
        guard let dimension, dimension != expected else { return }
        throw .invalidArgument("\(file) has rows of \(dimension) numbers, database \(database.name.debugDescription) expects \(expected)")
    }

    private func store(
        _ source: any RecordSource, in target: DatabaseDescription, _ state: ImportState, _ client: JadeClient
    ) async throws {
        let done = restart ? 0 : state.done
        if done > 0 { Standard.error("going on after \(Numbers.grouped(done)) vectors; --restart begins at the front") }
        var progress = Progress("import", total: source.count, resumedAt: done)
        let upload = BulkUpload(client, database: target.id, batchSize: batch, parallel: parallel)
        let count = try await upload.run(after: done, next: source.next) { front in
            state.save(done: front)
            progress.update(front)
        }
        progress.finish(done + count)
        state.forget()
        report(count, resumedAt: done, seconds: progress.seconds, into: target.name)
    }

    private func report(_ count: Int, resumedAt: Int, seconds: Double, into name: String) {
        let rate = Double(count) / max(seconds, 1e-9)
        switch output.output {
        case .table:
            Standard.out(
                "imported \(Numbers.grouped(count)) vectors into \(name) in \(Numbers.decimal(seconds, places: 1)) s, \(Numbers.grouped(rate))/s")
        case .json:
            Standard.out(
                JSONOutput.object([
                    ("imported", .integer(Int64(count))), ("resumed_at", .integer(Int64(resumedAt))), ("seconds", .double(seconds)),
                ]))
        }
    }
}
