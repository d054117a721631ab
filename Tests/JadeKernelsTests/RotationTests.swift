import JadeKernels
import Testing

@Suite("Fast rotations")
struct RotationTests {
    @Test("lengths and angles stay, levels agree, and the way back leads back", arguments: hostLevels)
    func orthogonal(level: KernelLevel) {
        var random = SeededRandom(seed: 40)
        for dimension in raggedDimensions {
            let rotation = Rotation(dimension: dimension, using: &random)
            let vectors = (random.vector(dimension), random.vector(dimension))
            var first = vectors.0, second = vectors.1, plain = vectors.0
            rotation.apply(&first, kernels: .at(level))
            rotation.apply(&second, kernels: .at(level))
            rotation.apply(&plain, kernels: .serial)
            let size = Double(dimension) + 1
            #expect(abs(Reference.dot(first, first) - Reference.dot(vectors.0, vectors.0)) <= 1e-5 * size, "\(dimension)")
            #expect(abs(Reference.dot(first, second) - Reference.dot(vectors.0, vectors.1)) <= 1e-5 * size, "\(dimension)")
            #expect(zip(first, plain).allSatisfy { abs($0 - $1) <= 1e-4 })
            rotation.applyInverse(&first, kernels: .at(level))
            #expect(zip(first, vectors.0).allSatisfy { abs($0 - $1) <= 1e-4 }, "\(dimension)")
        }
    }

    @Test("one component is spread over all", arguments: [128, 384, 768, 1000])
    func spread(dimension: Int) {
        var random = SeededRandom(seed: 41)
        for place in [0, dimension / 2, dimension - 1] {
            let rotation = Rotation(dimension: dimension, using: &random)
            var vector = [Float](repeating: 0, count: dimension)
            vector[place] = 1
            rotation.apply(&vector, kernels: .best)
            // A random direction's largest component is about sqrt(2 ln d / d).
            let largest = vector.map(abs).max()!
            #expect(largest < 6 / Float(dimension).squareRoot(), "component \(place) leaves \(largest)")
        }
    }
}
