import JadeCore

/// At least and at most how many ordinals satisfy a filter.
package struct CardinalityBounds: Sendable, Hashable {
    package let lower: Int
    package let upper: Int

    package init(lower: Int, upper: Int) {
        self.lower = lower
        self.upper = upper
    }
}

/// Bounds a filter's cardinality from the sizes of the sets that evaluating it would combine.
struct FilterEstimation {
    let root: AttributeField
    /// Ordinals in the index.
    let known: Int

    /// Distinct values of a range that are added up; the bounds of a wider range are loose.
    private static let maximumValues = 4_096

    func estimate(_ filter: Filter) -> CardinalityBounds {
        switch filter {
        case .and(let parts):
            let bounds = parts.map(estimate)
            let missing = bounds.reduce(0) { $0 + known - $1.lower }
            return CardinalityBounds(lower: max(0, known - missing), upper: bounds.map(\.upper).min() ?? known)
        case .or(let parts): return union(parts.map(estimate))
        case .not(let part): return complement(estimate(part))
        case .isIn(let path, let values): return holders(of: values, at: path)
        case .range(let path, let range): return root.descendant(path.keys).map { within(range, $0) } ?? .init(lower: 0, upper: 0)
        case .exists(let path, let wanted):
            let found = exactly(root.descendant(path.keys)?.present.count ?? 0)
            return wanted ? found : complement(found)
        }
    }

    private func holders(of values: [FilterValue], at path: FieldPath) -> CardinalityBounds {
        let field = root.descendant(path.keys)
        var sets: [CardinalityBounds] = []
        if values.contains(.null) { sets.append(exactly(known - (field?.present.count ?? 0))) }
        for value in Set(values) {
            field?.forEach(equalTo: value) { sets.append(exactly($0.count)) }
        }
        return union(sets)
    }

    private func within(_ range: FilterRange, _ field: AttributeField) -> CardinalityBounds {
        var largest = 0
        var total = 0
        var values = 0
        field.forEach(in: range) { ordinals in
            largest = max(largest, ordinals.count)
            total += ordinals.count
            values += 1
            return values < Self.maximumValues
        }
        let holders = field.present.count
        return CardinalityBounds(lower: largest, upper: values < Self.maximumValues ? min(total, holders) : holders)
    }

    private func exactly(_ count: Int) -> CardinalityBounds { CardinalityBounds(lower: count, upper: count) }

    private func union(_ bounds: [CardinalityBounds]) -> CardinalityBounds {
        CardinalityBounds(lower: bounds.map(\.lower).max() ?? 0, upper: min(known, bounds.reduce(0) { $0 + $1.upper }))
    }

    private func complement(_ bounds: CardinalityBounds) -> CardinalityBounds {
        CardinalityBounds(lower: known - bounds.upper, upper: known - bounds.lower)
    }
}
