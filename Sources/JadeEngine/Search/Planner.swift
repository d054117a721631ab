internal import JadeCore
internal import JadeIndex

/// What the planner decides from.
struct PlanInputs: Equatable {
    var indexKind: IndexSettings.Kind
    /// Vectors that the snapshot sees.
    var visible: Int
    /// Of these, how many the filter admits; nil without a filter.
    var matching: Int?
    /// Rows in the index.
    var indexed: Int
    var topK: Int
    var efSearch: Int
    var m: Int
    var exact: Bool
}

/// How a search will be carried out: a pure function of its inputs, reported by `"explain": true`.
struct Plan: Equatable {
    var strategy: SearchPlan.Strategy
    var efSearch: Int?

    static func choose(_ inputs: PlanInputs) -> Plan {
        let exact = inputs.exact || inputs.indexKind == .flat || inputs.indexed == 0
        guard let matching = inputs.matching else {
            if exact || inputs.visible <= exactBelow { return Plan(strategy: .exact, efSearch: nil) }
            return Plan(strategy: .graph, efSearch: max(inputs.efSearch, inputs.topK))
        }
        let ef = max(inputs.efSearch, inputs.topK)
        let share = 1 - Double(matching) / Double(max(inputs.visible, matching, 1))
        if exact || Double(matching) <= max(Double(exactBelow), HiddenRows.graphCost(ef: ef, m: inputs.m, share: share)) {
            return Plan(strategy: .exactFiltered, efSearch: nil)
        }
        return Plan(strategy: .graphFiltered, efSearch: ef)
    }

    /// Below this many rows a scan is as fast as any traversal.
    static let exactBelow = 500
}
