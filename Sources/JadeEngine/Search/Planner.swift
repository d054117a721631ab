internal import JadeCore
internal import JadeIndex

/// What the planner decides from.
struct PlanInputs: Equatable {
    var settings: IndexSettings
    /// Vectors that the snapshot sees.
    var visible: Int
    /// Of these, how many the filter admits; nil without a filter.
    var matching: Int?
    /// Rows in the index.
    var indexed: Int
    /// Of an IVF index; 1 before it is trained.
    var lists: Int
    var topK: Int
    var efSearch: Int
    var nprobe: Int
    var exact: Bool
}

/// How a search will be carried out: a pure function of its inputs, reported by `"explain": true`.
struct Plan: Equatable {
    var strategy: SearchPlan.Strategy
    var efSearch: Int?
    var nprobe: Int?

    static func choose(_ inputs: PlanInputs) -> Plan {
        let kind = inputs.settings.kind
        let exact = inputs.exact || kind == .flat || inputs.indexed == 0 || (kind == .ivf && inputs.lists <= 1)
        guard let matching = inputs.matching else {
            if exact || inputs.visible <= exactBelow { return Plan(strategy: .exact) }
            if kind == .ivf { return Plan(strategy: .lists, nprobe: min(inputs.nprobe, inputs.lists)) }
            return Plan(strategy: .graph, efSearch: max(inputs.efSearch, inputs.topK))
        }
        if exact || matching <= exactBelow { return Plan(strategy: .exactFiltered) }
        return kind == .ivf ? filteredLists(inputs, matching) : filteredGraph(inputs, matching)
    }

    private static func filteredGraph(_ inputs: PlanInputs, _ matching: Int) -> Plan {
        let ef = max(inputs.efSearch, inputs.topK)
        let share = 1 - Double(matching) / Double(max(inputs.visible, matching, 1))
        if Double(matching) <= HiddenRows.graphCost(ef: ef, m: inputs.settings.m, share: share) { return Plan(strategy: .exactFiltered) }
        return Plan(strategy: .graphFiltered, efSearch: ef)
    }

    /// So many more lists that they hold as many rows that match as they would hold rows without a filter.
    private static func filteredLists(_ inputs: PlanInputs, _ matching: Int) -> Plan {
        let share = Double(matching) / Double(max(inputs.visible, matching))
        let nprobe = min(Int((Double(inputs.nprobe) / share).rounded(.up)), inputs.lists)
        let scanned = Double(inputs.visible) * Double(nprobe) / Double(inputs.lists)
        if Double(matching) <= scanned * inputs.settings.quantization.scanCost { return Plan(strategy: .exactFiltered) }
        return Plan(strategy: .listsFiltered, nprobe: nprobe)
    }

    /// Below this many rows a scan is as fast as any traversal.
    static let exactBelow = 500
}

extension IndexSettings.Quantization {
    /// What looking at one entry of a list costs, as a part of a comparison with a row somewhere in memory.
    fileprivate var scanCost: Double {
        switch self {
        case .none: 1
        case .sq8, .rabitq8: 0.25
        case .sq4, .rabitq4: 0.15
        case .pq, .rabitq: 0.05
        }
    }
}
