internal import CJadeKernels

private let coreTypeVariable = "OPENBLAS_CORETYPE"
private let threadsVariable = "OPENBLAS_NUM_THREADS"

private typealias Describe = @convention(c) () -> UnsafePointer<CChar>?
private typealias Count = @convention(c) () -> CInt

/// Opens a library for the processor at hand. The order matters: the library reads the environment while it is loaded.
func openBLAS(libraries: [String], kernels: Kernels) -> (SGEMM?, BLASReport) {
    guard !libraries.isEmpty else { return (nil, .ownKernels("no library was asked for")) }
    let origin = nameProcessor(BLASCoreType.best(for: jade_cpu_detect(), level: kernels.level))
    _ = setEnvironmentDefault(threadsVariable, "1")
    switch SharedLibrary.openFirst(of: libraries) {
    case .failure(let error): return (nil, .ownKernels(error.reason))
    case .success(let library):
        guard let sgemm = library.function("cblas_sgemm", as: SGEMM.self) else {
            return (nil, .ownKernels("\(library.name) has no cblas_sgemm"))
        }
        return (sgemm, describe(library, origin))
    }
}

/// Tells the library the processor, unless the user has; who decided.
private func nameProcessor(_ coreType: BLASCoreType?) -> BLASReport.Origin {
    if let user = environmentValue(coreTypeVariable), !user.isEmpty { return .environment }
    guard let coreType, setEnvironmentDefault(coreTypeVariable, coreType.rawValue) else { return .library }
    return .detected
}

private func describe(_ library: SharedLibrary, _ origin: BLASReport.Origin) -> BLASReport {
    func text(_ symbol: String) -> String? {
        library.function(symbol, as: Describe.self)?().map { String(cString: $0) }
    }
    let wanted = origin == .library ? nil : environmentValue(coreTypeVariable)
    let actual = text("openblas_get_corename")
    var problem: String?
    if let wanted, let actual, wanted.lowercased() != actual.lowercased() {
        problem = "told to compute for \(wanted), computes for \(actual)"
    }
    return BLASReport(
        library: library.name, configuration: text("openblas_get_config"), coreType: actual, wantedCoreType: wanted,
        origin: origin, threads: library.function("openblas_get_num_threads", as: Count.self).map { Int($0()) },
        problem: problem)
}

extension BLASReport {
    static func ownKernels(_ reason: String) -> BLASReport {
        BLASReport(
            library: nil, configuration: nil, coreType: nil, wantedCoreType: nil, origin: .library, threads: nil,
            problem: reason)
    }
}
