internal import CJadeKernels

/// The kernels of one kind of codes at one level.
struct RaBitQKernels {
    typealias Space = UnsafePointer<jade_rabitq>
    typealias Query = UnsafePointer<jade_rabitq_query>
    typealias Row = @convention(c) (Space, UnsafePointer<Float>, UnsafeMutableRawPointer) -> Void
    typealias Prepare = @convention(c) (Space, UnsafePointer<Float>, UInt32, UnsafeMutablePointer<jade_rabitq_query>) -> Void
    typealias Many =
        @convention(c) (Query, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>?) -> Void
    typealias Gather =
        @convention(c) (
            Query, UnsafeRawPointer, Int, UnsafePointer<UInt32>, Int, Int, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>?
        ) -> Void

    let row: Row
    let query: Prepare
    let many: Many
    let gather: Gather

    init(_ code: RaBitQCode, of kernels: Kernels) { self.init(code, kernels.table) }

    init(_ code: RaBitQCode, _ table: UnsafePointer<jade_kernels>) {
        let k = table.pointee
        (row, query, many, gather) =
            switch code {
            case .rabitq1: (k.f32_to_rabitq1_row, k.f32_to_rabitq1_query, k.rabitq1_many, k.rabitq1_gather)
            case .rabitq2: (k.f32_to_rabitq2_row, k.f32_to_rabitq2_query, k.rabitq2_many, k.rabitq2_gather)
            case .rabitq3: (k.f32_to_rabitq3_row, k.f32_to_rabitq3_query, k.rabitq3_many, k.rabitq3_gather)
            case .rabitq4: (k.f32_to_rabitq4_row, k.f32_to_rabitq4_query, k.rabitq4_many, k.rabitq4_gather)
            case .rabitq5: (k.f32_to_rabitq5_row, k.f32_to_rabitq5_query, k.rabitq5_many, k.rabitq5_gather)
            case .rabitq6: (k.f32_to_rabitq6_row, k.f32_to_rabitq6_query, k.rabitq6_many, k.rabitq6_gather)
            case .rabitq7: (k.f32_to_rabitq7_row, k.f32_to_rabitq7_query, k.rabitq7_many, k.rabitq7_gather)
            case .rabitq8: (k.f32_to_rabitq8_row, k.f32_to_rabitq8_query, k.rabitq8_many, k.rabitq8_gather)
            }
    }
}
