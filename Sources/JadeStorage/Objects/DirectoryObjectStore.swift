internal import Glibc
package import JadeCore
package import JadeIO
import Synchronization

/// Objects as files below a directory, which may be on a shared file system.
///
/// An object is written beside, synced, and renamed (or linked, where it must not replace one) to its name. What a process that
/// died has left half written is in a folder of its own, which the next writer removes.
package final class DirectoryObjectStore: ObjectStore {
    private struct Scratch {
        var path: String
        var lock: FileLock
    }

    /// Keys cannot name it: their segments do not begin with a dot.
    private static let scratchFolder = ".unfinished"
    /// A kernel that is not preemptible leaves no processor to others while it copies: a search waited 3 ms for 8 MiB.
    private static let restMicroseconds: UInt32 = 100

    package let place: String
    private let files: any FileSystem
    private let random: any RandomSource
    private let scratch = Mutex<Scratch?>(nil)
    private let lastNumber = Atomic(0)

    package init(_ root: String, files: any FileSystem, random: any RandomSource) {
        place = root
        self.files = files
        self.random = random
    }

    deinit {
        guard let path = scratch.withLock({ $0?.path }) else { return }
        try? files.removeTree(path)
    }

    private func path(_ key: ObjectKey) -> String { "\(place)/\(key.text)" }

    package func put(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) {
        _ = try store(key, bytes) { (temporary, path) throws(JadeError) in try files.rename(temporary, to: path) }
    }

    package func putIfAbsent(_ key: ObjectKey, _ bytes: [UInt8]) async throws(JadeError) -> PutOutcome {
        if try files.fileExists(path(key)) { return .existed }
        do throws(JadeError) {
            return try store(key, bytes) { (temporary, path) throws(JadeError) in
                try files.link(temporary, to: path)
                try files.remove(temporary)
            }
        } catch where error.code == .conflict {
            return .existed
        }
    }

    /// Writes the bytes beside and gives them their name by `publish`.
    private func store(
        _ key: ObjectKey, _ bytes: [UInt8], _ publish: (String, String) throws(JadeError) -> Void
    ) throws(JadeError) -> PutOutcome {
        guard bytes.count <= Limits.maximumObjectBytes else {
            throw .tooLarge("object \(key) has \(bytes.count) bytes, the limit is \(Limits.maximumObjectBytes)")
        }
        let temporary = "\(try scratchPath())/\(lastNumber.wrappingAdd(1, ordering: .relaxed).newValue)"
        do throws(JadeError) {
            try write(bytes, to: temporary)
            let folder = parentDirectory(of: path(key))
            try ensureFolder(folder)
            do throws(JadeError) { try publish(temporary, path(key)) } catch where error.code == .notFound {
                // A delete in between has taken the empty folder away.
                try ensureFolder(folder)
                try publish(temporary, path(key))
            }
            try files.syncDirectory(folder)
        } catch {
            try? files.remove(temporary)
            throw error
        }
        return .stored
    }

    private func write(_ bytes: [UInt8], to path: String) throws(JadeError) {
        let file = try files.openAppendFile(path, create: true)
        defer { file.close() }
        try bytes.withRawBytes { (raw) throws(JadeError) in
            for start in stride(from: 0, to: raw.count, by: Limits.objectWriteStepBytes) {
                if start > 0 { usleep(Self.restMicroseconds) }
                let end = min(start + Limits.objectWriteStepBytes, raw.count)
                try file.write(UnsafeRawBufferPointer(rebasing: raw[start..<end]))
            }
        }
        try file.sync()
    }

    /// Creates a folder and those above it, each durable before anything is in it.
    private func ensureFolder(_ path: String) throws(JadeError) {
        if try files.isDirectory(path) { return }
        let parent = parentDirectory(of: path)
        if parent != path, parent != "." { try ensureFolder(parent) }
        try files.createDirectory(path)
        try files.syncDirectory(parent)
    }

    /// This process's folder for what is not finished; those of dead processes go.
    private func scratchPath() throws(JadeError) -> String {
        if let path = scratch.withLock({ $0?.path }) { return path }
        let folder = "\(place)/\(Self.scratchFolder)"
        try ensureFolder(folder)
        for name in try files.list(folder) where try files.fileExists("\(folder)/\(name)/lock") {
            // Held by a living process: not ours to touch.
            guard let dead = try? files.lock("\(folder)/\(name)/lock") else { continue }
            try files.removeTree("\(folder)/\(name)")
            withExtendedLifetime(dead) {}
        }
        let path = "\(folder)/\(random.uniqueID().hexadecimal)"
        try files.createDirectory(path)
        let lock = try files.lock("\(path)/lock")
        return scratch.withLock { scratch in
            if let scratch { return scratch.path }
            scratch = Scratch(path: path, lock: lock)
            return path
        }
    }

    package func get(_ key: ObjectKey, range: Range<Int>?) async throws(JadeError) -> [UInt8] {
        guard let range else { return try files.readFile(path(key), limit: Limits.maximumObjectBytes) }
        let file = try files.openAppendFile(path(key), create: false)
        defer { file.close() }
        let wanted = range.clamped(to: 0..<file.size)
        guard wanted.count <= Limits.maximumObjectBytes else {
            throw .tooLarge("a range of \(wanted.count) bytes of \(path(key)), the limit is \(Limits.maximumObjectBytes)")
        }
        return try file.readBytes(at: wanted.lowerBound, count: wanted.count)
    }

    package func size(of key: ObjectKey) async throws(JadeError) -> Int? { try files.fileSize(path(key)) }

    package func list(_ prefix: String, after: String, limit: Int) async throws(JadeError) -> [ObjectEntry] {
        // A prefix may end within a name: its folder is listed and names are compared.
        let slash = prefix.lastIndex(of: "/")
        let folder = slash.map { String(prefix[..<$0]) } ?? ""
        var entries: [ObjectEntry] = []
        try walk(folder, prefix, after, limit, &entries)
        return entries
    }

    private func walk(
        _ folder: String, _ prefix: String, _ after: String, _ limit: Int, _ entries: inout [ObjectEntry]
    ) throws(JadeError) {
        let path = folder.isEmpty ? place : "\(place)/\(folder)"
        // The root may be a symbolic link.
        guard try folder.isEmpty ? files.fileExists(path) : files.isDirectory(path) else { return }
        var members: [(key: String, isFolder: Bool)] = []
        for name in try files.list(path) where !name.hasPrefix(".") {
            let key = folder.isEmpty ? name : "\(folder)/\(name)"
            members.append((key, try files.isDirectory("\(place)/\(key)")))
        }
        // A folder stands where its members do, each of which begins with its name and a slash.
        let ordered = members.map { ($0.isFolder ? $0.key + "/" : $0.key, $0) }
            .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
        for (sortKey, member) in ordered where entries.count < limit {
            if member.isFolder {
                guard sortKey.hasPrefix(prefix) || prefix.hasPrefix(sortKey) else { continue }
                // All of a folder's members stand before `after` unless `after` stands before or inside the folder.
                guard after.utf8.lexicographicallyPrecedes(sortKey.utf8) || after.hasPrefix(sortKey) else { continue }
                try walk(member.key, prefix, after, limit, &entries)
            } else if member.key.hasPrefix(prefix), after.utf8.lexicographicallyPrecedes(member.key.utf8),
                let key = try? ObjectKey(member.key), let bytes = try files.fileSize("\(place)/\(member.key)")
            {
                entries.append(ObjectEntry(key: key, bytes: bytes))
            }
        }
    }

    package func delete(_ keys: [ObjectKey]) async throws(JadeError) {
        var folders: Set<String> = []
        for key in keys {
            try files.remove(path(key))
            folders.insert(parentDirectory(of: path(key)))
        }
        for folder in folders where try files.isDirectory(folder) {
            try files.syncDirectory(folder)
            // Folders that are empty now go, from the inside out; the first that is not ends it.
            var path = folder
            while path.utf8.count > place.utf8.count, (try? files.removeDirectory(path)) != nil { path = parentDirectory(of: path) }
        }
    }
}
