import JadeCore

/// Reads all of a file as an import would, and stores nothing.
struct DryRun {
    let file: String
    let output: OutputFormat

    func check(_ source: any RecordSource) throws(JadeError) {
        var progress = Progress("check", total: source.count)
        var count = 0
        var dimension = 0
        while let record = try source.next() {
            if count == 0 { dimension = record.values.count }
            try check(record, at: count, dimension)
            count += 1
            if count.isMultiple(of: 1_024) { progress.update(count) }
        }
        progress.finish(count)
        report(count, count == 0 ? source.dimension ?? 0 : dimension)
    }

    private func check(_ record: VectorRecord, at position: Int, _ dimension: Int) throws(JadeError) {
        guard record.values.count == dimension else {
            throw .invalidArgument("vector \(position) has \(record.values.count) numbers, the ones before have \(dimension)")
        }
        guard let place = record.values.firstIndex(where: { !$0.isFinite }) else { return }
        throw .invalidArgument("vector \(position) holds \(record.values[place]) at position \(place), expected finite numbers")
    }

    private func report(_ count: Int, _ dimension: Int) {
        switch output {
        case .table: Standard.out("\(file) holds \(Numbers.grouped(count)) vectors of \(dimension) numbers; nothing was stored")
        case .json: Standard.out(JSONOutput.object([("vectors", .integer(Int64(count))), ("dimension", .integer(Int64(dimension)))]))
        }
    }
}
