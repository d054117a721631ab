/// What one component of a stored vector is. Its raw value is the code in file headers: never renumber.
public enum ElementType: UInt32, Sendable, Hashable, CaseIterable {
    case float32 = 0

    /// The name users write: `f32`.
    public var name: String {
        switch self {
        case .float32: "f32"
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
        }
    }
}
