internal import CJadeKernels

/// A random rotation of vectors of any dimension, O(d log d) a vector: rounds of sign flips and fast Walsh-Hadamard transforms.
/// Lengths and angles stay. `jade_rotate.h` says what a round does.
package struct Rotation: Sendable, Hashable {
    package let dimension: Int
    package let rounds: Int
    /// ``byteCount(dimension:rounds:)`` bytes: what the rotation is, to be kept beside what was rotated.
    package let signs: [UInt8]

    /// Rounds that spread any vector well: three where the dimension is a power of two, else four.
    package static func rounds(dimension: Int) -> Int { dimension & (dimension - 1) == 0 ? 3 : 4 }

    package static func byteCount(dimension: Int, rounds: Int) -> Int { jade_rotation_bytes(dimension, rounds) }

    package init(dimension: Int, rounds: Int, signs: [UInt8]) {
        precondition(
            dimension >= 0 && rounds >= 0 && signs.count == Self.byteCount(dimension: dimension, rounds: rounds),
            "\(signs.count) bytes for \(rounds) rounds of \(dimension) dimensions")
        (self.dimension, self.rounds, self.signs) = (dimension, rounds, signs)
    }

    package init(dimension: Int, rounds: Int? = nil, using random: inout some RandomNumberGenerator) {
        let rounds = rounds ?? Self.rounds(dimension: dimension)
        let signs = (0..<Self.byteCount(dimension: dimension, rounds: rounds)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
        self.init(dimension: dimension, rounds: rounds, signs: signs)
    }

    /// Rotates in place. O(rounds · dimension · log dimension).
    package func apply(_ vector: UnsafeMutablePointer<Float>, kernels: Kernels) {
        run(kernels.table.pointee.rotate_f32_forward, vector)
    }

    /// Undoes ``apply(_:kernels:)`` but for rounding.
    package func applyInverse(_ vector: UnsafeMutablePointer<Float>, kernels: Kernels) {
        run(kernels.table.pointee.rotate_f32_inverse, vector)
    }

    private func run(
        _ kernel: @convention(c) (UnsafePointer<jade_rotation>, UnsafeMutablePointer<Float>) -> Void,
        _ vector: UnsafeMutablePointer<Float>
    ) {
        let empty: StaticString = ""
        signs.withUnsafeBufferPointer { signs in
            var rotation = jade_rotation(
                dimension: dimension, rounds: rounds, signs: signs.baseAddress ?? empty.utf8Start)
            kernel(&rotation, vector)
        }
    }
}
