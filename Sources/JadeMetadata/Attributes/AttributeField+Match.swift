import JadeCore

extension AttributeField {
    /// Calls the body with the ordinals of every stored value that equals the given one.
    ///
    /// A missing field, which `null` matches too, is left to the caller.
    func forEach(equalTo value: FilterValue, _ body: (OrdinalSet) -> Void) {
        switch value {
        case .null: body(null)
        case .bool(let value): body(value ? bools.yes : bools.no)
        case .integer(let value): if let integers { body(integers.ordinals(of: value)) }
        case .double(let value):
            if let whole = Int64(exactly: value) {
                if let integers { body(integers.ordinals(of: whole)) }
            } else if let doubles {
                body(doubles.ordinals(of: value))
            }
        case .string(let value): strings?.forEach(equalTo: value, body)
        }
    }

    /// Adds the ordinals of every stored value within the bounds.
    func add(in range: FilterRange, to bitmap: inout OrdinalBitmap) {
        switch range {
        case .number(let lower, let upper):
            if lower == nil, upper == nil { notANumbers.add(to: &bitmap) }
            let bounds = NumberRange(lower, upper)
            integers?.add(in: bounds, to: &bitmap)
            doubles?.add(in: bounds, to: &bitmap)
        case .string(let lower, let upper): strings?.add(in: StringRange(lower, upper), to: &bitmap)
        }
    }

    /// Calls the body with the ordinals of every stored value within the bounds, until it returns false.
    func forEach(in range: FilterRange, _ body: (borrowing OrdinalSet) -> Bool) {
        switch range {
        case .number(let lower, let upper):
            let bounds = NumberRange(lower, upper)
            if lower == nil, upper == nil, !body(notANumbers) { return }
            var goesOn = true
            integers?.forEach(in: bounds) {
                goesOn = body($0)
                return goesOn
            }
            if goesOn { doubles?.forEach(in: bounds, body) }
        case .string(let lower, let upper): strings?.forEach(in: StringRange(lower, upper), body)
        }
    }
}

extension NumberRange {
    fileprivate init(_ lower: FilterRange.Bound<Double>?, _ upper: FilterRange.Bound<Double>?) {
        self.init(lower: lower.map { ($0.value, $0.inclusive) }, upper: upper.map { ($0.value, $0.inclusive) })
    }
}

extension StringRange {
    fileprivate init(_ lower: FilterRange.Bound<String>?, _ upper: FilterRange.Bound<String>?) {
        self.init(
            lower: lower.map { ([UInt8]($0.value.utf8), $0.inclusive) }, upper: upper.map { ([UInt8]($0.value.utf8), $0.inclusive) })
    }
}
