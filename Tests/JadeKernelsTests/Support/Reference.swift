import JadeCore
import JadeKernels

/// The distances as their definitions say, in double.
enum Reference {
    /// The value, and the sum of the terms' magnitudes by which an error is judged.
    struct Answer {
        let value: Double
        let magnitude: Double
    }

    static func distance(_ metric: Metric, _ a: [Float], _ b: [Float]) -> Answer {
        switch metric {
        case .euclidean:
            let sum = zip(a, b).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
            return Answer(value: sum, magnitude: sum)
        case .dot:
            return Answer(value: -dot(a, b), magnitude: zip(a, b).reduce(0.0) { $0 + abs(Double($1.0) * Double($1.1)) })
        case .manhattan:
            let sum = zip(a, b).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) }
            return Answer(value: sum, magnitude: sum)
        case .hamming, .jaccard: fatalError("between bits only")
        case .cosine:
            let norms = (dot(a, a) * dot(b, b)).squareRoot()
            return Answer(value: norms == 0 ? 1 : 1 - dot(a, b) / norms, magnitude: 1)
        }
    }

    static func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }

    /// The tolerance of `kernel_list.h`, and room for what is below the smallest normal number.
    static func isClose(_ value: Float, _ answer: Answer) -> Bool {
        abs(Double(value) - answer.value) <= 2e-6 * answer.magnitude + Double(Float.leastNormalMagnitude)
    }
}

/// Every dimension at which a loop of some level changes its course, and those of real embeddings.
let raggedDimensions = [
    0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 31, 32, 33, 47, 48, 49, 63, 64, 65, 96, 127, 128, 129, 223, 384, 768, 784, 1536,
]

/// The levels of this host, as test arguments.
let hostLevels = Kernels.available.map(\.level)

extension Kernels {
    /// The kernels of a level that is known to run here.
    static func at(_ level: KernelLevel) -> Kernels { Kernels(level)! }
}
