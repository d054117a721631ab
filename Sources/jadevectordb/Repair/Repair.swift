import ArgumentParser
import JadeCore
import JadeEngine
import JadeJSON

struct Repair: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Repairs a data directory that no server has open.",
        discussion: """
            Builds anew a catalog (system.db) that is damaged or gone, from what can be read of it and from the databases' own folders, \
            and what is derived (the identifier map, the live bitmap, counts, the free list, the saved index) and brings \
            back what the files still know together. A row that can be read is never thrown away; files that are replaced are set \
            aside beside the others, in aside-1, aside-2 and so on, with what is left of rows that cannot be read.

            Keep a copy of the folder, and look at --dry-run first.

              jadevectordb repair ./data --dry-run
              jadevectordb repair ./data --database docs

            Exit code 1 means that something could not be recovered: each such thing is named.
            """)

    @Argument(help: "The data directory.") var dataDirectory: String
    @Option(help: "Name or id of the only database to repair.") var database: String?
    @Flag(help: "Say what would be done, and change nothing.") var dryRun = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let line = CheckProgressLine()
        let report = try onFiles {
            try FolderRepair.repair(dataDirectory, database: database, dryRun: dryRun, progress: line.update)
        }
        line.finish()
        switch output.output {
        case .table: print(report)
        case .json: Standard.out(json(report))
        }
        if report.hasLosses || (report.catalog == nil && !report.findings.isSound) { Exit.now(.failed) }
    }

    private func print(_ report: RepairReport) {
        for line in report.findings.lines { Standard.out(report.catalog == nil ? "\(line) (not repaired)" : line) }
        if let catalog = report.catalog { print(catalog) }
        for database in report.databases {
            guard !database.actions.isEmpty else {
                Standard.out("\(database.name): sound, nothing to repair")
                continue
            }
            Standard.out("\(database.name): \(database.findings.summary), \(dryRun ? "would" : "did")")
            for action in database.actions { Standard.out("  \(action)") }
            if !database.losses.isEmpty { Standard.out("  cannot be recovered:") }
            for loss in database.losses { Standard.out("    \(loss)") }
            if let aside = database.aside { Standard.out("  what was replaced is in \(aside)") }
            Standard.out("  \(Numbers.grouped(database.vectors)) vectors\(dryRun ? " would be there" : "")")
        }
    }

    private func print(_ catalog: CatalogRepair) {
        Standard.out("catalog: \(dryRun ? "would be" : "was") made again with \(catalog.databases.count) databases: \(catalog.databases.joined(separator: ", "))")
        if !catalog.losses.isEmpty { Standard.out("  cannot be recovered:") }
        for loss in catalog.losses { Standard.out("    \(loss)") }
        if let aside = catalog.aside { Standard.out("  what was replaced is in \(aside)") }
    }

    private func json(_ report: RepairReport) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("dry_run")
        writer.bool(dryRun)
        writer.findings(report.findings)
        if let catalog = report.catalog {
            writer.key("catalog")
            writer.beginObject()
            writer.sentences("databases", catalog.databases)
            writer.sentences("losses", catalog.losses)
            if let aside = catalog.aside {
                writer.key("aside")
                writer.string(aside)
            }
            writer.endObject()
        }
        writer.key("databases")
        writer.beginArray()
        for database in report.databases {
            writer.beginObject()
            writer.key("id")
            writer.string(database.id)
            writer.key("name")
            writer.string(database.name)
            writer.key("vectors")
            writer.integer(database.vectors)
            writer.sentences("actions", database.actions)
            writer.sentences("losses", database.losses)
            if let aside = database.aside {
                writer.key("aside")
                writer.string(aside)
            }
            writer.findings(database.findings)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
