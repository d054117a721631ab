import ArgumentParser
import JadeCore

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Creates, lists, shows, changes and deletes databases.",
        discussion: """
            A database holds vectors of one dimension under one metric. It is addressed by its name or its id.

              jadevectordb database create docs --dimension 384 --metric cosine
              jadevectordb database list
              jadevectordb database show docs --output json
            """,
        subcommands: [DatabaseCreate.self, DatabaseListCommand.self, DatabaseShow.self, DatabaseUpdateCommand.self, DatabaseDelete.self])
}

extension DatabaseDescription {
    /// One database for people.
    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("name", name)
        sheet.add("id", id)
        sheet.add("dimension", specification.field.dimension)
        sheet.add("metric", specification.field.metric.rawValue)
        sheet.add("vectors", vectorCount)
        sheet.add("index", index.settings.summary)
        sheet.add("indexed", index.indexed)
        sheet.add("pending", index.pending)
        sheet.add("tombstones", index.tombstones)
        sheet.add("index memory", Numbers.bytes(index.memoryBytes))
        sheet.add("created", Numbers.moment(milliseconds: createdAtMilliseconds))
        return sheet
    }
}

extension IndexSettings {
    var summary: String {
        switch kind {
        case .flat: "flat"
        case .hnsw:
            "hnsw, m \(m), ef_construction \(efConstruction), ef_search \(efSearch)" + (quantization == .none ? "" : ", \(quantization.rawValue)")
        }
    }
}
