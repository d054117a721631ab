package import JadeCore

extension HNSWIndex {
    /// An index that inserts rows into this one's graph and goes by codes of 8 bits, a quarter as long as the rows: nearly the same
    /// links, found in half the time. The codes go with it. nil where the rows are not worth codes, or have them already.
    ///
    /// Complexity: a code of each node that there is.
    func draft(adding count: Int) throws(JadeError) -> HNSWIndex? {
        guard codes == nil, rows.elementType == .float32, Metric.ofProducts.contains(rows.metric), count >= Self.draftedRows,
            count >= self.count
        else { return nil }
        var settings = settings
        (settings.quantization, settings.pqSubspaces) = (.sq8, 0)
        (settings.reduction, settings.reducedDimension) = (.none, 0)
        guard let codes = try NodeCodes(.sq8, rows: rows, kernels: kernels) else { return nil }
        let draft = HNSWIndex(draftOf: self, settings: settings, codes: codes)
        try draft.codeAll()
        return draft
    }

    /// Of fewer rows a draft saves little.
    package static let draftedRows = 8192
}
