/// What every vector must satisfy, checked once at the edge so that no distance can be NaN.
public enum VectorRules {
    /// The largest squared length: the sum and difference of two such vectors still have a finite squared length.
    public static let maximumSquaredLength = Float.greatestFiniteMagnitude / 16

    /// - Throws: `invalidArgument` that names the first component that is not finite, or the length if it is too large.
    public static func validate(_ values: [Float]) throws(JadeError) {
        let squared = values.withUnsafeBufferPointer { squaredLength($0) }
        if !(squared <= maximumSquaredLength) { throw reason(values) }
    }

    /// The same for one of several vectors that lie one after the other.
    public static func validate(_ values: ArraySlice<Float>) throws(JadeError) {
        let squared = values.withUnsafeBufferPointer { squaredLength($0) }
        if !(squared <= maximumSquaredLength) { throw reason(Array(values)) }
    }

    /// Sixteen sums side by side: one alone would wait for each addition. Infinite or NaN if any component is.
    private static func squaredLength(_ values: UnsafeBufferPointer<Float>) -> Float {
        var sums = SIMD16<Float>.zero
        var index = 0
        while index + 16 <= values.count {
            let block = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped + index).loadUnaligned(as: SIMD16<Float>.self)
            sums += block * block
            index += 16
        }
        var sum = sums.sum()
        while index < values.count {
            sum += values[index] * values[index]
            index += 1
        }
        return sum
    }

    private static func reason(_ values: [Float]) -> JadeError {
        for (index, value) in values.enumerated() where !value.isFinite {
            return .invalidArgument("component \(index) of the vector is \(value), expected a finite number")
        }
        return .invalidArgument("the vector is too long: its squared length must be at most \(maximumSquaredLength)")
    }
}
