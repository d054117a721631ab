import Foundation
import JadeCore
import JadeKernels

/// What of the machine makes a server slow, or stops it.
enum MachineDiagnosis {
    static func all() -> [Diagnosis] { [processor(), descriptors(), memory(), hugePages()].compactMap { $0 } }

    private static func processor() -> Diagnosis {
        let level = Kernels.best.level.rawValue
        let count = ProcessInfo.processInfo.activeProcessorCount
        guard level != "serial" else {
            return Diagnosis(
                .warning, "processor", "\(count) of them, without vector instructions that the kernels know",
                advice: "searches take many times as long as on a processor with AVX2, AVX-512 or NEON")
        }
        return Diagnosis(.good, "processor", "\(count) of them, kernels of level \(level)")
    }

    /// A connection takes one file descriptor, a database about ten.
    private static func descriptors() -> Diagnosis {
        var limit = rlimit()
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return Diagnosis(.warning, "open files", "their limit is not known") }
        let (needed, hard) = (16_384, limit.rlim_max > UInt64(Int.max) ? Int.max : Int(limit.rlim_max))
        let shown = hard == .max ? "without a limit" : "up to \(Numbers.grouped(hard))"
        guard hard < needed else { return Diagnosis(.good, "open files", shown) }
        return Diagnosis(
            .warning, "open files", shown, advice: "raise the hard limit to \(Numbers.grouped(needed)): LimitNOFILE in a systemd unit, or /etc/security/limits.conf")
    }

    private static func memory() -> Diagnosis {
        let bytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        let available = meminfo("MemAvailable")
        let text = "\(Numbers.bytes(bytes)), \(available.map { Numbers.bytes($0) } ?? "an unknown part") of it available"
        guard let available, available < 512 << 20 else { return Diagnosis(.good, "memory", text) }
        return Diagnosis(.warning, "memory", text, advice: "a million vectors of 768 floats take about 3.2 GB with their graph: end other programs, or set storage.memory_limit_bytes")
    }

    /// Rows and links lie in pages of 2 MiB where the system gives them.
    private static func hugePages() -> Diagnosis? {
        guard let text = try? String(contentsOfFile: "/sys/kernel/mm/transparent_hugepage/enabled", encoding: .utf8) else { return nil }
        guard text.contains("[never]") else { return Diagnosis(.good, "huge pages", text.contains("[always]") ? "always" : "where they are asked for") }
        return Diagnosis(
            .warning, "huge pages", "switched off", advice: "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled: searches of large databases then miss the address cache less")
    }

    private static func meminfo(_ name: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }) else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1_024 }
    }
}

/// Whether a folder can hold databases.
enum FolderDiagnosis {
    static func all(_ path: String) -> [Diagnosis] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
            guard FileManager.default.isWritableFile(atPath: parent) else {
                return [Diagnosis(.bad, "data directory", "\(path) does not exist, and \(parent) cannot be written", advice: "create it and give it to the user that runs the server")]
            }
            return [Diagnosis(.good, "data directory", "\(path) does not exist yet and can be created")]
        }
        guard isFolder.boolValue else { return [Diagnosis(.bad, "data directory", "\(path) is a file", advice: "name a folder")] }
        guard FileManager.default.isWritableFile(atPath: path) else {
            return [Diagnosis(.bad, "data directory", "\(path) cannot be written by this user", advice: "run the server as its owner, or change the owner")]
        }
        return [Diagnosis(.good, "data directory", "\(path) can be written"), space(path)]
    }

    private static func space(_ path: String) -> Diagnosis {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue, let all = (attributes?[.systemSize] as? NSNumber)?.intValue else {
            return Diagnosis(.warning, "disk", "its free space is not known")
        }
        let text = "\(Numbers.bytes(free)) of \(Numbers.bytes(all)) free"
        let verdict: Diagnosis.Verdict = free < 256 << 20 ? .bad : free < all / 20 ? .warning : .good
        return Diagnosis(verdict, "disk", text, advice: verdict == .good ? nil : "writes are refused when it is full, reads go on: make room")
    }
}
