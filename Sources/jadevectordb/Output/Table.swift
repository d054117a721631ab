/// Rows in aligned columns, numbers to the right.
struct Table {
    enum Alignment {
        case left, right
    }

    private let titles: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []

    init(_ columns: (title: String, alignment: Alignment)...) { self.init(columns) }

    init(_ columns: [(title: String, alignment: Alignment)]) {
        titles = columns.map(\.title)
        alignments = columns.map(\.alignment)
    }

    mutating func add(_ cells: [String]) {
        precondition(cells.count == titles.count, "a row has \(cells.count) cells, the table \(titles.count) columns")
        rows.append(cells.map(Self.onOneLine))
    }

    /// The table without a line end.
    ///
    /// - Parameter width: Columns of the screen; the last cell of a row is cut to fit. nil cuts nothing.
    func rendered(width: Int? = nil) -> String {
        let all = [titles.map { $0.uppercased() }] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { line($0, widths, width) }.joined(separator: "\n")
    }

    private func line(_ cells: [String], _ widths: [Int], _ width: Int?) -> String {
        let padded = cells.indices.map { column in
            let space = String(repeating: " ", count: widths[column] - cells[column].count)
            return alignments[column] == .right ? space + cells[column] : cells[column] + space
        }
        var text = padded.joined(separator: "  ")
        if let width, text.count > width { text = text.prefix(width - 1) + "…" }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// Control characters of stored text must not reach the terminal.
    private static func onOneLine(_ text: String) -> String {
        String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
    }
}

/// Names with their values, one a line, for a single thing.
struct Sheet {
    private var lines: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String) { lines.append((name, value)) }
    mutating func add(_ name: String, _ value: some BinaryInteger) { add(name, Numbers.grouped(Int(value))) }

    var rendered: String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { $0.name + String(repeating: " ", count: width - $0.name.count + 2) + $0.value }.joined(separator: "\n")
    }
}
