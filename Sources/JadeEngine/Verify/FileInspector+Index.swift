internal import JadeCore
internal import JadeIndex

extension FileInspector {
    /// The folder of a saved index.
    static func index(_ directory: String) -> FileInspection {
        var inspection = FileInspection("saved index", directory)
        let check = SavedIndexCheck(directory, livingSince: nil)
        let index = check.summary
        inspection.add("type", index.kind.rawValue)
        inspection.add("metric", Metric.allCases.first { $0.savedGraphCode == index.metric }?.rawValue ?? "unknown (\(index.metric))")
        inspection.add("dimension", index.dimension)
        inspection.add("sequence", index.sequence)
        inspection.add("extent", index.extent)
        if index.kind == .ivf { add(lists: index, to: &inspection) } else { add(graph: index, to: &inspection) }
        inspection.findings = check.findings
        return inspection
    }

    private static func add(graph: SavedIndexSummary, to inspection: inout FileInspection) {
        inspection.add("m", graph.m)
        inspection.add("ef_construction", graph.efConstruction)
        inspection.add("nodes", graph.nodes)
        inspection.add("entry", graph.entry.map { "\($0) on layer \(graph.entryLevel)" } ?? "none")
        inspection.add("links", graph.links)
        var listing = FileInspection.Listing("layers", columns: ["layer", "nodes"])
        for (layer, nodes) in graph.layers.enumerated() { listing.rows.append([.integer(Int64(layer)), .integer(Int64(nodes))]) }
        listing.total = graph.layers.count
        inspection.listing = listing
    }

    private static func add(lists: SavedIndexSummary, to inspection: inout FileInspection) {
        inspection.add("rows", lists.nodes)
        inspection.add("nlist", lists.nlist)
        inspection.add("trained", lists.isTrained ? "yes" : "no")
        inspection.add("codes", lists.codeBits > 0 ? "\(lists.code), \(lists.codeBits) bits" : lists.code)
        inspection.add("largest list", lists.largestList)
        inspection.add("empty lists", lists.emptyLists)
    }
}
