import JadeAPI
import JadeCore

extension OutputOptions {
    /// A list as a table for people, or the server's own JSON.
    ///
    /// - Parameter empty: what people read where there is nothing to list.
    func show<Member: WireListMember>(
        _ members: [Member], empty: String, _ columns: [(title: String, alignment: Table.Alignment)], row: (Member) -> [String]
    ) {
        switch output {
        case .json: Standard.out(WireJSON.encode(WireList(members)))
        case .table:
            guard !members.isEmpty else { return Standard.error(empty) }
            var table = Table(columns)
            for member in members { table.add(row(member)) }
            Standard.out(table.rendered(width: Standard.width))
        }
    }

    /// One thing as a sheet, or the server's own JSON.
    func show(_ value: some WireEncodable, _ sheet: () -> Sheet) {
        switch output {
        case .json: Standard.out(WireJSON.encode(value))
        case .table: Standard.out(sheet().rendered)
        }
    }

    /// What was done, in a sentence or as a flat object.
    func say(_ sentence: String, _ members: [(key: String, value: String)]) {
        switch output {
        case .json: Standard.out(JSONOutput.object(members.map { ($0.key, .string($0.value)) }))
        case .table: Standard.out(sentence)
        }
    }
}

extension Numbers {
    /// A moment, or a dash for none.
    static func moment(_ milliseconds: Int64?) -> String { milliseconds.map { moment(milliseconds: $0) } ?? "–" }
}
