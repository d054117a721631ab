/// Which library computes matrix products, and for which processor it computes.
package struct BLASReport: Sendable, Hashable {
    /// The opened library; nil if the kernels of this package compute instead.
    package let library: String?
    /// What the library says of itself: version and build options.
    package let configuration: String?
    /// The processor that the library computes for, in its own words.
    package let coreType: String?
    /// The processor that it was told to compute for; nil if it was left to its own detection.
    package let wantedCoreType: String?
    package let origin: Origin
    /// Threads that one product may use. 1 unless the user wishes otherwise: the pools above bring their own.
    package let threads: Int?
    /// Why there is no library, or why it does not do what it was told; nil if all is well.
    package let problem: String?

    /// Who chose the core type.
    package enum Origin: String, Sendable {
        /// This package, by its own look at the processor.
        case detected
        /// The user, through `OPENBLAS_CORETYPE`.
        case environment
        /// The library itself.
        case library
    }
}
