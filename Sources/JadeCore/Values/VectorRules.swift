/// What every vector must satisfy, checked once at the edge so that no distance can be NaN.
public enum VectorRules {
    /// The largest squared length: the sum and difference of two such vectors still have a finite squared length.
    public static let maximumSquaredLength = Float.greatestFiniteMagnitude / 16

    /// - Throws: `invalidArgument` that names the first component that is not finite, or the length if it is too large.
    public static func validate(_ values: some Collection<Float>) throws(JadeError) {
        var squared: Float = 0
        for value in values { squared += value * value }
        guard !(squared <= maximumSquaredLength) else { return }
        for (index, value) in values.enumerated() where !value.isFinite {
            throw .invalidArgument("component \(index) of the vector is \(value), expected a finite number")
        }
        throw .invalidArgument("the vector is too long: its squared length must be at most \(maximumSquaredLength)")
    }
}
