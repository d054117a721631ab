import JadeCore

/// Hits of a search in columns.
struct ResultTable {
    /// Metadata fields that are columns; nil puts all of the metadata into one.
    let fields: [String]?
    let showsValues: Bool
    let showsMetadata: Bool

    func rendered(_ hits: [SearchHit]) -> String {
        var columns: [(title: String, alignment: Table.Alignment)] = [("", .right), ("id", .left), ("score", .right)]
        if showsValues { columns.append(("values", .left)) }
        if showsMetadata { columns += fields.map { $0.map { ($0, .left) } } ?? [("metadata", .left)] }
        var table = Table(columns)
        for (rank, hit) in hits.enumerated() {
            var cells = [String(rank + 1), hit.id.text, Numbers.decimal(Double(hit.score), places: 4)]
            if showsValues { cells.append(Shown.values(hit.values ?? [])) }
            if showsMetadata { cells += metadataCells(hit.metadata ?? [:]) }
            table.add(cells)
        }
        return table.rendered(width: Standard.width)
    }

    private func metadataCells(_ metadata: Metadata) -> [String] {
        guard let fields else { return [Shown.metadata(metadata)] }
        return fields.map { name in (try? FieldPath(name)).map { Shown.field($0, of: metadata) } ?? "" }
    }
}
