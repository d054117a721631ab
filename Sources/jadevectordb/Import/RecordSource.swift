import JadeCore

/// Vectors on their way into a database, one after the other.
protocol RecordSource: AnyObject {
    /// Numbers of each vector; nil when only the vectors themselves tell.
    var dimension: Int? { get }
    /// How many there are, where the file tells.
    var count: Int? { get }
    /// The next vector; nil at the end.
    func next() throws(JadeError) -> VectorRecord?
}

/// Opens whatever the file is.
enum Records {
    struct Options {
        var metadata: String?
        var idField: String?
        /// Of a table: the column, or a pattern of columns, that holds the values.
        var valuesColumn: String?
        var firstID: UInt64 = 0
        var normalize = false
        /// Of vectors that do not say.
        var expiry: Expiry?
    }

    static func open(_ path: String, _ options: Options) throws(JadeError) -> any RecordSource {
        if TableBridge.isTable(path) {
            guard options.metadata == nil else {
                throw .invalidArgument("--metadata stands beside rows of numbers; the columns of \(path) are their own metadata")
            }
            return try LineRecords(table: path, options)
        }
        switch RowFile.name(path).split(separator: ".").last {
        case "jsonl", "ndjson":
            guard options.metadata == nil else {
                throw .invalidArgument("--metadata stands beside rows of numbers; the lines of \(path) hold their own metadata")
            }
            return try LineRecords(path, options)
        default: return try RowRecords(RowFile.open(path), options)
        }
    }
}

extension VectorRecord {
    /// Scales to length 1; a vector of zeros has no direction and stays.
    mutating func normalize() {
        let length = values.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard length > 0, length.isFinite else { return }
        for index in values.indices { values[index] = Float(Double(values[index]) / length) }
    }
}
