internal import CJadeKernels

/// The tile kernels of one element type at one level, resolved once per batch.
struct TileKernels {
    typealias Queries = UnsafePointer<jade_queries>
    typealias Pack = @convention(c) (Queries) -> Void
    typealias Matrix = @convention(c) (Queries, UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Float>, Int) -> Void
    typealias Search = @convention(c) (Queries, UnsafeRawPointer, Int, UInt32, Int, UnsafeMutablePointer<jade_topk>) -> Void
    typealias Screen =
        @convention(c) (
            Queries, UnsafeRawPointer, Int, Int, UnsafePointer<jade_screen>, UnsafeMutablePointer<jade_pair>
        ) -> Int

    /// One family of those that share their packed queries.
    struct Family {
        let family: DistanceFamily
        let matrix: Matrix
        let search: Search
    }

    let pack: Pack
    let families: [Family]
    /// Products alone have one.
    let screen: Screen?

    /// The families that go with `family`: `l2sq` and `ndot`, `hamming` and `jaccard`, `l1` alone. Nil where the type has none of them.
    init?(_ type: VectorType, _ family: DistanceFamily, of kernels: Kernels) {
        let together: [DistanceFamily] =
            switch family {
            case .l2sq, .ndot: [.l2sq, .ndot]
            case .hamming, .jaccard: [.hamming, .jaccard]
            case .l1: [.l1]
            case .dot, .cosine: []
            }
        let name = family == .l1 ? "tiles_l1_\(type.rawValue)" : "tiles_\(type.rawValue)"
        func function(_ shape: String) -> UnsafeMutableRawPointer? {
            jade_kernel_function(kernels.level.index, "\(name)_\(shape)").map { unsafeBitCast($0, to: UnsafeMutableRawPointer.self) }
        }
        guard !together.isEmpty, let pack = function("pack") else { return nil }
        var families: [Family] = []
        for family in together {
            guard let matrix = function(family.rawValue), let search = function("\(family.rawValue)_search") else { return nil }
            families.append(
                Family(
                    family: family, matrix: unsafeBitCast(matrix, to: Matrix.self), search: unsafeBitCast(search, to: Search.self)))
        }
        self.pack = unsafeBitCast(pack, to: Pack.self)
        self.families = families
        screen = function("screen").map { unsafeBitCast($0, to: Screen.self) }
    }

    subscript(_ family: DistanceFamily) -> Family {
        guard let found = families.first(where: { $0.family == family }) else {
            preconditionFailure("queries packed for \(families.map(\.family)) do not measure \(family)")
        }
        return found
    }
}

extension Kernels {
    /// Whether a tile of bytes is computed faster than one of f32 at this level.
    package var multipliesBytes: Bool { level != .serial && level != .neon }
}
