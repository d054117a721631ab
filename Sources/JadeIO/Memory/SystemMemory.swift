import Glibc

/// What memory the machine, or the control group that the process runs in, has for it.
package enum SystemMemory {
    /// The most that the process can ever have, in bytes: the machine's memory, or less where a control group says so.
    package static func limit() -> Int {
        let machine = Int(sysconf(Int32(_SC_PHYS_PAGES))) * systemPageBytes
        return controlGroups().compactMap(\.limit).reduce(machine, min)
    }

    /// What is free, or would be if caches were given up, in bytes; nil where the system does not say.
    package static func available() -> Int? {
        let machine = field("MemAvailable:", in: text("/proc/meminfo")).map { $0 * 1024 }
        let groups = controlGroups().compactMap { group in group.limit.map { max(0, $0 - group.used) } }
        return ([machine].compactMap { $0 } + groups).min()
    }

    private struct ControlGroup {
        var limit: Int?
        /// Without pages of files that can be dropped.
        var used: Int
    }

    /// The process's group and those above it, of version 2 (https://docs.kernel.org/admin-guide/cgroup-v2.html) or 1.
    private static func controlGroups() -> [ControlGroup] {
        for line in text("/proc/self/cgroup").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[0] == "0", parts[1].isEmpty {
                let found = chain("/sys/fs/cgroup", String(parts[2]), limit: "memory.max", used: "memory.current", cache: "inactive_file")
                if found.contains(where: { $0.limit != nil }) { return found }
            }
            if parts[1].split(separator: ",").contains("memory") {
                return chain(
                    "/sys/fs/cgroup/memory", String(parts[2]), limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
                    cache: "total_inactive_file")
            }
        }
        return []
    }

    private static func chain(_ root: String, _ path: String, limit: String, used: String, cache: String) -> [ControlGroup] {
        var groups: [ControlGroup] = []
        var parts = path.split(separator: "/")
        while true {
            let folder = ([root] + parts.map(String.init)).joined(separator: "/")
            let bound = Int(text("\(folder)/\(limit)").prefix { $0.isNumber })
            let use = Int(text("\(folder)/\(used)").prefix { $0.isNumber }) ?? 0
            let dropped = field(cache, in: text("\(folder)/memory.stat")) ?? 0
            groups.append(ControlGroup(limit: bound, used: max(0, use - dropped)))
            if parts.isEmpty { return groups }
            parts.removeLast()
        }
    }

    /// The first number of the line that begins with `name`.
    private static func field(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }

    /// What a small file of the system says; nothing where there is none.
    private static func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { _ = close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(descriptor, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
}
