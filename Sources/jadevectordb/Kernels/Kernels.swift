import ArgumentParser
import JadeCore
import JadeKernels

struct KernelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Prints which vector instructions were found, which are used, and where each kernel comes from.",
        discussion: """
            JADE_SIMD_LEVEL=avx2 forces a lower level; one that the processor lacks is an error. OPENBLAS_CORETYPE overrides the \
            processor that OpenBLAS is told to compute for.
            """)

    @Flag(help: "The same as --output json.") var json = false
    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = try KernelReport.current()
        switch json ? .json : output.output {
        case .table: Standard.out(report.text)
        case .json: Standard.out(report.json)
        }
    }
}
