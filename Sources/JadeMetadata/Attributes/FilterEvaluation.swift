import JadeCore

/// Turns a filter into the set of ordinals that satisfy it, condition by condition.
struct FilterEvaluation {
    let root: AttributeField
    let known: OrdinalBits
    let universe: Int

    func evaluate(_ filter: Filter) -> OrdinalBitmap {
        switch filter {
        case .and(let parts): return intersection(parts)
        case .or(let parts):
            var found = OrdinalBitmap(universe: universe)
            for part in parts { found.formUnion(evaluate(part)) }
            return found
        case .not(let part): return others(than: evaluate(part))
        case .isIn(let path, let values): return holders(of: values, at: path)
        case .range(let path, let range):
            var found = OrdinalBitmap(universe: universe)
            root.descendant(path.keys)?.add(in: range, to: &found)
            return found
        case .exists(let path, let wanted):
            let found = holders(of: path)
            return wanted ? found : others(than: found)
        }
    }

    /// Stops at the first part that leaves nothing.
    private func intersection(_ parts: [Filter]) -> OrdinalBitmap {
        guard let first = parts.first else { return all }
        var found = evaluate(first)
        for part in parts.dropFirst() where !found.isEmpty { found.formIntersection(evaluate(part)) }
        return found
    }

    private func holders(of values: [FilterValue], at path: FieldPath) -> OrdinalBitmap {
        var found = values.contains(.null) ? others(than: holders(of: path)) : OrdinalBitmap(universe: universe)
        guard let field = root.descendant(path.keys) else { return found }
        for value in values {
            field.forEach(equalTo: value) { $0.add(to: &found) }
        }
        return found
    }

    private func holders(of path: FieldPath) -> OrdinalBitmap {
        var found = OrdinalBitmap(universe: universe)
        root.descendant(path.keys)?.present.add(to: &found)
        return found
    }

    private var all: OrdinalBitmap {
        var all = OrdinalBitmap(universe: universe)
        all.formUnion(words: known.words)
        return all
    }

    private func others(than found: OrdinalBitmap) -> OrdinalBitmap {
        var rest = all
        rest.subtract(found)
        return rest
    }
}
