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
        subcommands: [DatabaseCreate.self, DatabaseListCommand.self, DatabaseShow.self, DatabaseUpdateCommand.self, DatabaseOwner.self, DatabaseDelete.self])
}

extension DatabaseDescription {
    /// One database for people.
    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("name", name)
        sheet.add("id", id)
        sheet.add("dimension", specification.field.dimension)
        sheet.add("element type", specification.field.elementType.name)
        sheet.add("metric", specification.field.metric.rawValue)
        sheet.add("vectors", vectorCount)
        if let seconds = specification.retentionSeconds { sheet.add("retention", Numbers.duration(seconds: Double(seconds))) }
        if let provider = specification.embedding { sheet.add("embedding", provider) }
        sheet.add("index", index.settings.summary)
        sheet.add("indexed", index.indexed)
        sheet.add("pending", index.pending)
        sheet.add("tombstones", index.tombstones)
        sheet.add("index memory", Numbers.bytes(index.memoryBytes))
        if let training = index.training { training.add(to: &sheet) }
        sheet.add("created", Numbers.moment(milliseconds: createdAtMilliseconds))
        if let storage { storage.add(to: &sheet) }
        if let problem { sheet.add("problem", problem) }
        return sheet
    }
}

extension StorageStatus {
    fileprivate func add(to sheet: inout Sheet) {
        sheet.add("storage", state.rawValue)
        guard state != .quarantined else { return }
        if let diskBytes { sheet.add("on disk", Numbers.bytes(diskBytes)) }
        sheet.add("writes", "\(Numbers.grouped(Int(clamping: sequence))), durable \(Numbers.grouped(Int(clamping: durableSequence)))")
        sheet.add("log to replay", Numbers.bytes(replayBytes))
        guard let recovery else { return }
        sheet.add("recovered", "\(Numbers.grouped(recovery.records)) writes in \(recovery.milliseconds) ms")
        if let cut = recovery.cut { sheet.add("unfinished write", "\(Numbers.bytes(recovery.bytesCut)) cut: \(cut)") }
    }
}

extension TrainingStatus {
    fileprivate func add(to sheet: inout Sheet) {
        sheet.add("training", summary)
        guard state == .trained || state == .retraining else { return }
        let empty = emptyLists > 0 ? ", \(Numbers.grouped(emptyLists)) of them empty" : ""
        sheet.add("lists", "\(Numbers.grouped(nlist))\(empty), the largest with \(Numbers.grouped(largestList)) vectors")
        guard let addedError, trainedError > 0 else { return }
        sheet.add("drift", "new vectors lie \(Numbers.decimal((addedError / trainedError).squareRoot(), places: 2)) times as far from their centroids")
    }

    private var summary: String {
        var parts = [state.rawValue]
        if let progress { parts.append("\(progress.stage) \(Numbers.grouped(progress.done)) of \(Numbers.grouped(progress.total))") }
        if advice != .none { parts.append("due: \(advice.rawValue)") }
        if failedTrainings > 0 { parts.append("\(failedTrainings) failed") }
        return parts.joined(separator: ", ")
    }
}

extension IndexSettings {
    /// What searches read instead of the vectors: `pca 192`, `rabitq4`.
    var codeNames: [String] {
        let left = reducedDimension == 0 ? "to half" : "to \(reducedDimension)"
        return (reduction == .none ? [] : ["\(reduction.rawValue) \(left)"]) + (quantization == .none ? [] : [quantization.rawValue])
    }

    var summary: String {
        let codes = codeNames.map { ", " + $0 }.joined()
        return switch kind {
        case .flat: "flat"
        case .hnsw: "hnsw, m \(m), ef_construction \(efConstruction), ef_search \(efSearch)" + codes
        case .ivf: "ivf, nlist \(nlist == 0 ? "by the number of vectors" : "\(nlist)"), nprobe \(nprobe)" + codes
        }
    }
}
