internal import CJadeKernels

/// The tile kernels of one element type at one level, resolved once per batch.
struct TileKernels {
    typealias Queries = UnsafePointer<jade_queries>
    typealias Matrix = @convention(c) (Queries, UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Float>, Int) -> Void
    typealias Search = @convention(c) (Queries, UnsafeRawPointer, Int, UInt32, Int, UnsafeMutablePointer<jade_topk>) -> Void
    typealias Screen =
        @convention(c) (
            Queries, UnsafeRawPointer, Int, Int, UnsafePointer<jade_screen>, UnsafeMutablePointer<jade_pair>
        ) -> Int

    let pack: @convention(c) (Queries) -> Void
    let matrices: (l2sq: Matrix, ndot: Matrix)
    let searches: (l2sq: Search, ndot: Search)
    let screen: Screen

    init(_ element: QueryBatch.Element, of kernels: Kernels) {
        let k = kernels.table.pointee
        switch element {
        case .f32:
            pack = k.tiles_f32_pack
            matrices = (k.tiles_f32_l2sq, k.tiles_f32_ndot)
            searches = (k.tiles_f32_l2sq_search, k.tiles_f32_ndot_search)
            screen = k.tiles_f32_screen
        case .bf16:
            pack = k.tiles_bf16_pack
            matrices = (k.tiles_bf16_l2sq, k.tiles_bf16_ndot)
            searches = (k.tiles_bf16_l2sq_search, k.tiles_bf16_ndot_search)
            screen = k.tiles_bf16_screen
        case .i8:
            pack = k.tiles_i8_pack
            matrices = (k.tiles_i8_l2sq, k.tiles_i8_ndot)
            searches = (k.tiles_i8_l2sq_search, k.tiles_i8_ndot_search)
            screen = k.tiles_i8_screen
        case .u8:
            pack = k.tiles_u8_pack
            matrices = (k.tiles_u8_l2sq, k.tiles_u8_ndot)
            searches = (k.tiles_u8_l2sq_search, k.tiles_u8_ndot_search)
            screen = k.tiles_u8_screen
        }
    }
}

extension Kernels {
    /// Whether a tile of bytes is computed faster than one of f32 at this level.
    package var multipliesBytes: Bool { level != .serial && level != .neon }
}
