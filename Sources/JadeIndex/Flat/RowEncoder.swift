internal import JadeCore
internal import JadeKernels

/// From values to codes of 8 bits with a step, and to what is known of them. Everything is computed in double, in which the few
/// roundings are far below what ``ScreenBound`` leaves room for.
struct RowEncoder {
    /// Largest magnitude of a code.
    private static let largest = 127.0
    /// Rows that the center is taken from.
    private static let centerSample = 4096

    let rows: RowSource
    let center: [Float]
    private let bound: ScreenBound

    init(rows: RowSource, center: [Float]) {
        (self.rows, self.center) = (rows, center)
        bound = ScreenBound(metric: rows.metric, dimension: rows.dimension)
    }

    /// The mean of rows spread over a range, each at length 1 where the metric is cosine. Zeroes where it is not finite.
    static func center(of rows: RowSource, in range: Range<Int>) -> [Float] {
        let step = max(1, range.count / centerSample)
        var sum = [Double](repeating: 0, count: rows.dimension)
        var taken = 0.0
        for ordinal in Swift.stride(from: range.lowerBound, to: range.upperBound, by: step) {
            let row = rows.row(UInt32(ordinal)), scale = Double(rows.scales?[ordinal] ?? 1)
            for index in 0..<rows.dimension { sum[index] += Double(row[index]) * scale }
            taken += 1
        }
        let mean = sum.map { Float($0 / taken) }
        return mean.allSatisfy(\.isFinite) ? mean : [Float](repeating: 0, count: rows.dimension)
    }

    /// Writes a row's code, zeroes behind it, and gives its terms.
    func encodeRow(_ ordinal: UInt32, into code: UnsafeMutablePointer<Int8>) -> ScreenTerms.Row {
        bound.row(encode(rows.row(ordinal), scale: rows.scales?[Int(ordinal)] ?? 1, isCentered: true, into: code))
    }

    /// Writes a query's code. Only Euclidean distances stay what they are when the center is taken from both sides.
    func encodeQuery(_ query: UnsafePointer<Float>, scale: Float, into code: UnsafeMutablePointer<Int8>) -> ScreenBound.Facts {
        encode(query, scale: scale, isCentered: rows.metric == .euclidean, into: code)
    }

    /// The product of a query and the center.
    func shift(_ query: UnsafePointer<Float>, scale: Float) -> Double {
        guard rows.metric != .euclidean else { return 0 }
        var sum = 0.0
        for index in 0..<rows.dimension { sum += Double(query[index]) * Double(center[index]) }
        return sum * Double(scale)
    }

    private func encode(
        _ values: UnsafePointer<Float>, scale: Float, isCentered: Bool, into code: UnsafeMutablePointer<Int8>
    ) -> ScreenBound.Facts {
        let dimension = rows.dimension, scale = Double(scale)
        return center.withUnsafeBufferPointer { center in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: max(dimension, 1)) { shifted in
                var largest = 0.0
                var facts = ScreenBound.Facts()
                for index in 0..<dimension {
                    let value = Double(values[index]) * scale
                    let moved = isCentered ? value - Double(center[index]) : value
                    shifted[index] = moved
                    facts.uncentered += value * value
                    facts.length += moved * moved
                    largest = max(largest, abs(moved))
                }
                facts.step = step(largest)
                let inverse = 1 / facts.step
                for index in 0..<dimension {
                    let whole = (shifted[index] * inverse).rounded(.toNearestOrEven)
                    let kept = whole.isFinite ? min(max(whole, -Self.largest), Self.largest) : 0
                    code[index] = Int8(kept)
                    let rest = shifted[index] - kept * facts.step
                    facts.codeLength += kept * kept
                    facts.rest += rest * rest
                }
                facts.uncentered = facts.uncentered.squareRoot()
                facts.length = facts.length.squareRoot()
                facts.codeLength = facts.codeLength.squareRoot()
                facts.rest = facts.rest.squareRoot()
                return facts
            }
        }
    }

    /// A number that f32 holds, so that both sides mean the same by it.
    private func step(_ largest: Double) -> Double {
        guard largest > 0, largest.isFinite else { return 1 }
        let step = Double(Float(largest / Self.largest))
        return step > 0 ? step : 1
    }
}
