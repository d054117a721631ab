internal import CJadeKernels

/// The kernels of one level: an immutable table of C functions.
///
/// Resolve what a structure needs once (``distance(for:)``), outside of every loop; calling through the resolved
/// pointers costs what a C call costs.
///
/// `@unchecked`: the table is a constant of the program and is never written.
package struct Kernels: @unchecked Sendable {
    package let level: KernelLevel
    let table: UnsafePointer<jade_kernels>

    /// Nil if this machine cannot run `level`.
    package init?(_ level: KernelLevel) {
        guard let table = jade_kernels_for(level.index) else { return nil }
        self.level = level
        self.table = table
    }

    /// Every level that this machine can run, lowest first.
    package static let available: [Kernels] = KernelLevel.allCases.compactMap(Kernels.init)

    /// The level of plain C, which every machine has.
    package static let serial = available[0]

    /// The highest level that this machine can run.
    package static let best = available[available.count - 1]
}
