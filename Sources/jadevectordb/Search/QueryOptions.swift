import ArgumentParser
import Foundation
import JadeAPI
import JadeCore

/// What to search near: exactly one of the four.
struct QueryOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("The numbers: \"[0.1, 0.2]\" or \"0.1 0.2\".", valueName: "numbers")) var values: String?
    @Option(help: ArgumentHelp("A file of rows: .npy, .fvecs or .bvecs.", valueName: "path")) var file: String?
    @Option(help: "Which row of the file, from 0.") var row: Int = 0
    @Option(parsing: .unconditional, help: "A vector that is stored already.") var id: IDArgument?
    @Option(parsing: .unconditional, help: "A text, where the database names an embedding provider.") var text: String?

    mutating func validate() throws {
        let given = [values != nil, file != nil, id != nil, text != nil].filter { $0 }.count
        guard given == 1 else {
            throw ValidationError(given == 0 ? "say what to search near: --values, --file, --id or --text" : "pass only one of --values, --file, --id and --text")
        }
        guard row >= 0 else { throw ValidationError("--row is \(row), expected 0 or more") }
    }

    /// Empty values for a text: the server has them.
    func query() throws(JadeError) -> SearchRequest.Query {
        if text != nil { return .values([]) }
        if let id { return .id(id.id) }
        if let values { return .values(try Self.numbers(values)) }
        return .values(try fileRow())
    }

    static func numbers(_ text: String) throws(JadeError) -> [Float] {
        var numbers: [Float] = []
        for part in text.split(whereSeparator: { $0.isWhitespace || "[],".contains($0) }) {
            guard let number = Float(part), number.isFinite else {
                throw .invalidArgument("--values holds \(String(part).debugDescription), expected finite numbers")
            }
            numbers.append(number)
        }
        return numbers
    }

    private func fileRow() throws(JadeError) -> [Float] {
        let path = file ?? ""
        var rows = RowIterator(try RowFile.open(path))
        var position = 0
        while let values = try rows.next() {
            if position == row { return values }
            position += 1
        }
        throw .notFound("\(path) has \(position) rows, there is no row \(row)")
    }
}
