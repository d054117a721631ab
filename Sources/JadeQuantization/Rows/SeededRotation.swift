internal import JadeIO
package import JadeKernels

extension Rotation {
    /// The rotation that a seed stands for, in files too; none for 0.
    package static func seeded(_ seed: UInt64, dimension: Int) -> Rotation? {
        guard seed != 0 else { return nil }
        let rounds = rounds(dimension: dimension)
        let signs = SeededRandomSource(seed: seed).bytes(byteCount(dimension: dimension, rounds: rounds))
        return Rotation(dimension: dimension, rounds: rounds, signs: signs)
    }
}
