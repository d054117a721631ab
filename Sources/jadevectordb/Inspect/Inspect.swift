import ArgumentParser
import JadeCore
import JadeEngine
import JadeJSON

struct Inspect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows what one file of a data directory says.",
        discussion: """
            Knows each file by its first bytes: vectors.mmap, vectors.ids, a log segment, the manifest, metadata.db, \
            metadata.db-mark, a saved index (its folder or its header), facts and system.db. Prints the header's fields and counts, \
            checks checksums, and lists the first rows or log records. Nothing is changed.

              jadevectordb inspect ./data/databases/ID/vectors.mmap --limit 5
              jadevectordb inspect ./data/databases/ID/wal/00000000000000000001.log --output json

            Exit code 1 means that something is damaged.
            """)

    @Argument(help: "The file, or the folder of a saved index.") var file: String
    @Option(help: ArgumentHelp("Rows or log records to list.", valueName: "count")) var limit = 20
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is \(limit), expected 0 or more") }
    }

    func run() throws {
        let inspection = try FileInspector.inspect(file, limit: limit)
        switch output.output {
        case .table: print(inspection)
        case .json: Standard.out(json(inspection))
        }
        if !inspection.findings.isSound { Exit.now(.failed) }
    }

    private func print(_ inspection: FileInspection) {
        var sheet = Sheet()
        sheet.add("kind", inspection.kind)
        for field in inspection.fields { sheet.add(field.name, text(field.value)) }
        Standard.out(sheet.rendered)
        if let listing = inspection.listing, !listing.rows.isEmpty {
            var table = Table(listing.columns.enumerated().map { column, title in
                let isNumber = listing.rows.allSatisfy { if case .string = $0[column] { false } else { true } }
                return (title, isNumber ? .right : .left)
            })
            for row in listing.rows { table.add(row.map(text)) }
            Standard.out("")
            Standard.out(table.rendered(width: Standard.width))
            if listing.total > listing.rows.count {
                Standard.out("the first \(Numbers.grouped(listing.rows.count)) of \(Numbers.grouped(listing.total)) \(listing.name)")
            }
        }
        for line in inspection.findings.lines { Standard.out(line) }
        if inspection.findings.all.isEmpty { Standard.out("\nall checksums hold") }
    }

    private func text(_ value: MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .bool(let value): value ? "yes" : "no"
        case .integer(let value): Numbers.grouped(Int(value))
        case .null, .double, .array, .object: "–"
        }
    }

    private func json(_ inspection: FileInspection) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("kind")
        writer.string(inspection.kind)
        writer.key("file")
        writer.string(inspection.path)
        writer.key("fields")
        writer.beginObject()
        for field in inspection.fields {
            writer.key(field.name)
            writer.metadataValue(field.value)
        }
        writer.endObject()
        if let listing = inspection.listing {
            writer.key(listing.name)
            writer.beginArray()
            for row in listing.rows {
                writer.beginObject()
                for (column, value) in zip(listing.columns, row) {
                    writer.key(column)
                    writer.metadataValue(value)
                }
                writer.endObject()
            }
            writer.endArray()
            writer.key("total")
            writer.integer(listing.total)
        }
        writer.findings(inspection.findings)
        writer.endObject()
        return writer.bytes
    }
}
