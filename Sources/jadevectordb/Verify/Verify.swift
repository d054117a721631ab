import ArgumentParser
import JadeCore
import JadeEngine
import JadeIndex
import JadeJSON

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks every file of a data directory that no server has open, or has a running server check its own.",
        discussion: """
            Compares every checksum, every id with its row and back, metadata with rows, the index's links, counts and the log, \
            and changes nothing. A folder that was not closed is checked as it will be once its log is applied.

            Each finding names file, offset, what was expected and what was found. Findings of damage end with exit code 1; \
            warnings alone with 0.

              jadevectordb verify ./data
              jadevectordb verify ./data --database docs --output json

            Without a data directory the server is asked, which checks its files while it goes on serving: checksums, ids \
            against rows and back, metadata, the log, the saved index and counts. Rows that change meanwhile are left out. The \
            command follows the work to its end; interrupted, it leaves the server to finish.

              jadevectordb verify --url http://127.0.0.1:8080
              jadevectordb verify --database docs --bytes-per-second 50000000
            """)

    @Argument(help: "The data directory; without it a running server is asked.") var dataDirectory: String?
    @Option(help: "Name or id of the only database to check.") var database: String?
    @Option(help: ArgumentHelp("Bytes that a running server may read in a second for it.", valueName: "bytes"))
    var bytesPerSecond: Int?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard dataDirectory != nil else { return }
        if bytesPerSecond != nil { throw ValidationError("--bytes-per-second is for a running server, not for a data directory") }
        if server.url != nil { throw ValidationError("give either a data directory or --url, not both") }
    }

    func run() async throws {
        guard let dataDirectory else { return try await runOnline() }
        let line = CheckProgressLine()
        let report = try onFiles { try FolderVerification.verify(dataDirectory, database: database, progress: line.update) }
        line.finish()
        switch output.output {
        case .table: print(report, of: dataDirectory)
        case .json: Standard.out(json(report))
        }
        if !report.isSound { Exit.now(.failed) }
    }

    private func print(_ report: VerificationReport, of dataDirectory: String) {
        for line in report.findings.lines { Standard.out(line) }
        for database in report.databases {
            for line in database.findings.lines { Standard.out(line) }
            var facts = ["\(Numbers.grouped(database.vectors)) vectors", database.state]
            if database.unmarked > 0 { facts.append("\(Numbers.grouped(database.unmarked)) dead rows to be marked") }
            if let index = database.index, index.nodes > 0 {
                facts.append("index of \(Numbers.grouped(index.nodes)) nodes, \(Numbers.grouped(index.deadNodes)) of them dead")
            }
            Standard.out("\(database.name): \(facts.joined(separator: ", ")): \(database.findings.summary)")
        }
        if report.databases.isEmpty { Standard.out("no database: \(report.findings.summary)") }
        if !report.isSound {
            Standard.error("jadevectordb: keep a copy of \(dataDirectory), then see what jadevectordb repair \(dataDirectory) --dry-run would do")
        }
    }

    private func json(_ report: VerificationReport) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("sound")
        writer.bool(report.isSound)
        writer.findings(report.findings)
        writer.key("databases")
        writer.beginArray()
        for database in report.databases { add(database, to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private func add(_ database: VerificationReport.Database, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.string(database.id)
        writer.key("name")
        writer.string(database.name)
        writer.key("sound")
        writer.bool(database.findings.isSound)
        writer.key("closed")
        writer.bool(database.wasClosed)
        let counts = [
            ("vectors", database.vectors), ("slots", database.slots), ("pending_records", database.pendingRecords),
            ("unmarked_rows", database.unmarked), ("index_nodes", database.index?.nodes ?? 0),
            ("index_dead_nodes", database.index?.deadNodes ?? 0), ("index_unreachable", database.index?.unreachable.count ?? 0),
        ]
        for (name, count) in counts {
            writer.key(name)
            writer.integer(count)
        }
        writer.findings(database.findings)
        writer.endObject()
    }
}
