import JadeKernels

/// The distances over stored components as their definitions say, in double.
enum TypedReference {
    struct Answer {
        let value: Double
        let tolerance: Double
        /// Whether the value is a whole number, rounded once to `Float`.
        let isWhole: Bool

        func accepts(_ got: Float) -> Bool {
            isWhole ? got == Float(value) : abs(Double(got) - value) <= tolerance + Double(Float.leastNormalMagnitude)
        }
    }

    /// A random vector's bytes; 16-bit floats are finite and of many sizes.
    static func vector(_ type: VectorType, _ dimension: Int, _ random: inout SeededRandom) -> [UInt8] {
        switch type {
        case .f32: return random.vector(dimension).flatMap { bytes($0.bitPattern) }
        case .f16: return (0..<dimension).flatMap { _ in bytes(UInt16.random(in: 0..<0x3C00, using: &random) | sign(&random)) }
        case .bf16: return (0..<dimension).flatMap { _ in bytes(UInt16.random(in: 0x3A00..<0x4000, using: &random) | sign(&random)) }
        default: return random.bytes(type.byteCount(dimension: dimension))
        }
    }

    private static func sign(_ random: inout SeededRandom) -> UInt16 { Bool.random(using: &random) ? 0x8000 : 0 }

    private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    static func component(_ type: VectorType, _ vector: [UInt8], _ i: Int) -> Double {
        func word(_ size: Int) -> UInt32 { (0..<size).reduce(0) { $0 | UInt32(vector[i * size + $1]) << (8 * UInt32($1)) } }
        switch type {
        case .f32: return Double(Float(bitPattern: word(4)))
        case .f16: return half(UInt16(word(2)))
        case .bf16: return Double(Float(bitPattern: word(2) << 16))
        case .i8: return Double(Int8(bitPattern: vector[i]))
        case .b1: return Double(vector[i / 8] >> UInt8(i % 8) & 1)
        default: return Double(vector[i])
        }
    }

    static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 31), fraction = Double(bits & 1023)
        let magnitude = exponent == 0 ? fraction * 0x1p-24 : Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
        return bits >> 15 == 1 ? -magnitude : magnitude
    }

    static func distance(_ family: DistanceFamily, _ type: VectorType, _ a: [UInt8], _ b: [UInt8], _ dimension: Int) -> Answer {
        var term = 0.0, magnitude = 0.0, normA = 0.0, normB = 0.0, either = 0.0
        for i in 0..<dimension {
            let x = component(type, a, i), y = component(type, b, i)
            let one = family == .l2sq || family == .hamming ? (x - y) * (x - y) : family == .l1 ? abs(x - y) : x * y
            term += one
            magnitude += abs(one)
            normA += x * x
            normB += y * y
            either += x + y > 0 ? 1 : 0
        }
        let isWhole = type == .i8 || type == .u8 || type == .b1
        switch family {
        case .ndot: return Answer(value: -term, tolerance: 2e-6 * magnitude, isWhole: isWhole)
        case .cosine:
            let norms = (normA * normB).squareRoot()
            return Answer(value: norms == 0 ? 1 : 1 - term / norms, tolerance: 2e-6, isWhole: false)
        case .jaccard: return Answer(value: either == 0 ? 0 : 1 - term / either, tolerance: 1e-7, isWhole: false)
        default: return Answer(value: term, tolerance: 2e-6 * magnitude, isWhole: isWhole)
        }
    }
}
