internal import CJadeKernels
package import JadeCore

/// What was found on this machine, what was chosen, and which level each kernel comes from: `jadevectordb kernels`.
package struct KernelReport: Sendable {
    package let processor: Processor
    /// The highest level that the machine has.
    package let detectedLevel: KernelLevel
    /// The level in use.
    package let level: KernelLevel
    /// Whether `JADE_SIMD_LEVEL` chose it.
    package let isForced: Bool
    package let kernels: [KernelOrigin]
    package let blas: BLASReport
    /// Nil if the machine's topology could not be read.
    package let topology: Topology.Summary?

    /// Throws `invalidArgument` when `JADE_SIMD_LEVEL` asks for what cannot be had.
    package static func current() throws(JadeError) -> KernelReport {
        let kernels = try Kernels.selected()
        return KernelReport(
            processor: .current, detectedLevel: Kernels.best.level, level: kernels.level,
            isForced: !(environmentValue(Kernels.environmentVariable) ?? "").isEmpty, kernels: kernels.origins,
            blas: BLAS.shared.report, topology: try? Topology.shared().summary)
    }
}

/// A kernel in use and the level that it was written for.
package struct KernelOrigin: Sendable, Hashable {
    /// As in `kernel_list.h`: `l2sq_f32_gather`.
    package let kernel: String
    package let level: KernelLevel
    /// Whether it comes from a lower level than the one in use.
    package let isInherited: Bool
}

extension Kernels {
    /// Every kernel of the table, in the order of the list.
    package var origins: [KernelOrigin] {
        var origins: [KernelOrigin] = []
        while let origin = jade_kernel_origin_at(level.index, origins.count)?.pointee {
            let from = KernelLevel(rawValue: String(cString: origin.level))!
            origins.append(KernelOrigin(kernel: String(cString: origin.kernel), level: from, isInherited: from != level))
        }
        return origins
    }
}
