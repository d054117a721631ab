import CJadeKernels
import JadeCore
import JadeKernels
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Dispatch")
struct DispatchTests {
    /// A level of another architecture, which this host can never run.
    static var foreign: KernelLevel {
        #if arch(x86_64)
        .neon
        #else
        .avx2
        #endif
    }

    @Test("Swift and C know the same levels in the same order")
    func levels() {
        let names = (0..<UInt32(JADE_LEVEL_COUNT.rawValue)).compactMap { jade_level_name($0).map { String(cString: $0) } }
        #expect(names == KernelLevel.allCases.map(\.rawValue))
        #expect(jade_level_name(UInt32(JADE_LEVEL_COUNT.rawValue)) == nil)
        #expect(jade_kernels_for(UInt32(JADE_LEVEL_COUNT.rawValue)) == nil)
    }

    @Test("plain C runs everywhere, another architecture's level nowhere")
    func available() {
        #expect(Kernels.available.first?.level == .serial)
        #expect(Kernels(Self.foreign) == nil)
        #expect(Kernels.best.level == Kernels.available.last?.level)
    }

    @Test("every kernel says which level it comes from", arguments: hostLevels)
    func origins(level: KernelLevel) {
        let origins = Kernels.at(level).origins
        #expect(Set(origins.map(\.kernel)).count == origins.count)
        #expect(Set(origins.map(\.kernel)).isSuperset(of: ["l2sq_f32_one", "cosine_f32_gather", "topk_f32_select", "crc32c_update"]))
        #expect(origins.allSatisfy { $0.isInherited == ($0.level != level) && hostLevels.contains($0.level) })
        #expect(level == .serial || origins.contains { $0.kernel == "l2sq_i8_many" && $0.level != .serial })
        #expect(origins.filter { $0.kernel.hasPrefix("l2sq_f32") }.allSatisfy { $0.level == level || $0.isInherited })
    }

    @Test("a name forces its level; an unknown or missing level is an error with the choices")
    func forced() throws {
        for level in hostLevels { #expect(try Kernels.choose(forced: level.rawValue).level == level) }
        #expect(try Kernels.choose(forced: nil).level == Kernels.best.level)
        #expect(try Kernels.choose(forced: "").level == Kernels.best.level)
        #expect(throws: JadeError.invalidArgument("JADE_SIMD_LEVEL is \"mmx\", expected one of serial, avx2, avx512, avx512vnni, zen4, sapphire, neon, neondot")) {
            try Kernels.choose(forced: "mmx")
        }
        let here = hostLevels.map(\.rawValue).joined(separator: ", ")
        #expect(throws: JadeError.invalidArgument("JADE_SIMD_LEVEL is \"\(Self.foreign.rawValue)\", this processor runs \(here)")) {
            try Kernels.choose(forced: Self.foreign.rawValue)
        }
    }

    @Test("a process with an impossible JADE_SIMD_LEVEL gets the error each time it asks")
    func impossibleProcess() async {
        await #expect(processExitsWith: .exitCode(41)) {
            setenv(Kernels.environmentVariable, DispatchTests.foreign.rawValue, 1)
            for _ in 0..<2 {
                do throws(JadeError) {
                    _ = try Kernels.selected()
                    exit(1)
                } catch {
                    guard error.code == .invalidArgument else { exit(2) }
                }
            }
            // What does not depend on the level still works.
            exit(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283 ? 41 : 3)
        }
    }

    @Test("a process with JADE_SIMD_LEVEL=serial computes in plain C and says so")
    func serialProcess() async {
        await #expect(processExitsWith: .exitCode(42)) {
            setenv(Kernels.environmentVariable, "serial", 1)
            guard let report = try? KernelReport.current() else { exit(1) }
            let isRight = report.level == .serial && report.isForced && report.detectedLevel == Kernels.best.level
            exit(isRight && report.kernels.allSatisfy { $0.level == .serial } ? 42 : 2)
        }
    }

    @Test("the report names the processor's features and the caches")
    func report() throws {
        let report = try KernelReport.current()
        #expect(report.level == (try Kernels.selected().level))
        #expect(report.kernels == (try Kernels.selected().origins))
        #if arch(x86_64)
        #expect(!report.processor.vendor.isEmpty)
        #expect(report.processor.features.contains("avx2") == hostLevels.contains(.avx2))
        #expect(report.processor.features.contains("avx512f") || !hostLevels.contains(.avx512))
        #endif
    }
}
