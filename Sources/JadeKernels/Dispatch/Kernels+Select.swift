package import JadeCore

extension Kernels {
    /// The environment variable that forces a level.
    package static let environmentVariable = "JADE_SIMD_LEVEL"

    /// The kernels this process uses: the highest level the machine has, or the one that `JADE_SIMD_LEVEL` names.
    ///
    /// Decided once per process. Throws `invalidArgument` each time if the variable names a level that does not exist
    /// or that this machine lacks: a program asks for it at start and stops then.
    package static func selected() throws(JadeError) -> Kernels { try selection.get() }

    /// ``selected()`` for callers whose result does not depend on the level, and which may run before or without the
    /// check at start: plain C if the wished level cannot be had.
    static let selectedOrSerial: Kernels = (try? selection.get()) ?? .serial

    private static let selection = Result { () throws(JadeError) in try choose(forced: environmentValue(environmentVariable)) }

    /// The level that `name` forces, or the best if it is nil or empty.
    package static func choose(forced name: String?) throws(JadeError) -> Kernels {
        guard let name, !name.isEmpty else { return best }
        guard let level = KernelLevel(rawValue: name) else {
            throw .invalidArgument("\(environmentVariable) is \(name.debugDescription), expected one of \(names(KernelLevel.allCases))")
        }
        guard let kernels = Kernels(level) else {
            throw .invalidArgument(
                "\(environmentVariable) is \(name.debugDescription), this processor runs \(names(available.map(\.level)))")
        }
        return kernels
    }

    private static func names(_ levels: [KernelLevel]) -> String { levels.map(\.rawValue).joined(separator: ", ") }
}
