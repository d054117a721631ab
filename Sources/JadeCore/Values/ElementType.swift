/// What one component of a stored vector is. Its raw value is the code in file headers: never renumber.
///
/// Doors speak of numbers whatever the type; what a type cannot hold is refused, never cut (``validate(_:)``).
public enum ElementType: UInt32, Sendable, Hashable, CaseIterable {
    case float32 = 0
    /// IEEE 754 binary16: 11 significant bits, up to 65504.
    case float16 = 1
    /// The upper half of binary32: 8 significant bits, its whole range.
    case bfloat16 = 2
    case int8 = 3
    case uint8 = 4
    /// 0 or 1; component i is bit i % 8 of byte i / 8.
    case bit = 5

    /// The name users write: `f32`.
    public var name: String {
        switch self {
        case .float32: "f32"
        case .float16: "f16"
        case .bfloat16: "bf16"
        case .int8: "i8"
        case .uint8: "u8"
        case .bit: "b1"
        }
    }

    public init?(name: String) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// Bytes that `dimension` components take.
    public func byteCount(dimension: Int) -> Int {
        switch self {
        case .float32: dimension * 4
        case .float16, .bfloat16: dimension * 2
        case .int8, .uint8: dimension
        case .bit: (dimension + 7) / 8
        }
    }

    /// The metrics that mean something between vectors of this type.
    public var metrics: [Metric] {
        self == .bit ? [.hamming, .jaccard] : [.cosine, .euclidean, .dot, .manhattan]
    }

    /// What a component may be.
    public var range: ClosedRange<Float> {
        switch self {
        case .float32: -Float.greatestFiniteMagnitude...Float.greatestFiniteMagnitude
        case .float16: -65_504...65_504
        case .bfloat16: -0x1.FEp127...0x1.FEp127
        case .int8: -128...127
        case .uint8: 0...255
        case .bit: 0...1
        }
    }

    /// Whether components are whole numbers.
    public var isWhole: Bool {
        switch self {
        case .float32, .float16, .bfloat16: false
        case .int8, .uint8, .bit: true
        }
    }

    /// - Throws: `invalidArgument` that names the first component which the type cannot hold. Floats are rounded where they are
    ///   stored, to the nearest; whole numbers are not.
    public func validate(_ values: [Float]) throws(JadeError) {
        if self == .float32 { return }
        let (range, isWhole) = (range, isWhole)
        for (index, value) in values.enumerated() {
            guard range.contains(value), !isWhole || value == value.rounded() else {
                let kind = isWhole ? "whole numbers" : "numbers"
                let bounds = isWhole ? "\(Int(range.lowerBound)) to \(Int(range.upperBound))" : "\(range.lowerBound) to \(range.upperBound)"
                throw .invalidArgument("component \(index) of the vector is \(value), element type \(name) holds \(kind) from \(bounds)")
            }
        }
    }
}
