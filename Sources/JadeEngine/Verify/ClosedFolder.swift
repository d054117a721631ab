internal import Foundation
internal import JadeCore
internal import JadeIO
internal import JadeMetadata
internal import JadeStorage

/// A data directory that no engine has open, held as long as the object lives.
final class ClosedFolder {
    /// A database as the catalog has it, or as its folder has it where the catalog cannot be read.
    struct Member {
        var id: String
        var name: String
        var directory: String
        var shape: ShardShape
        var specification: DatabaseSpecification?
    }

    let path: String
    let scratch: String
    var findings = FindingList()
    /// Whether the catalog is to be made again.
    private(set) var catalogIsDamaged = false
    private(set) var members: [Member] = []
    /// Notes in the folders of databases that no catalog names.
    private(set) var notes: [CatalogEntry] = []
    private var locks: [FileLock] = []

    /// Opens the folder for looking at it. `conflict` if a server has it open, `notFound` if there is none.
    init(_ path: String) throws(JadeError) {
        self.path = path
        let files = ReadOnlyFileSystem()
        guard try files.isDirectory(path) else { throw .notFound("there is no folder \"\(path)\"") }
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        scratch = "\(temporary)/jade-check-\(SystemRandomSource().uniqueID())"
        try hold("\(path)/lock")
        let (hasCatalog, hasDatabases) = (try files.fileExists("\(path)/system.db"), try files.isDirectory("\(path)/databases"))
        guard hasCatalog || hasDatabases else {
            throw .notFound("\"\(path)\" is no data directory: it has neither system.db nor databases")
        }
        readCatalog()
    }

    deinit { try? LocalFileSystem().removeTree(scratch) }

    private func hold(_ path: String) throws(JadeError) {
        guard try ReadOnlyFileSystem().fileExists(path) else { return }
        locks.append(try ReadOnlyFileSystem().lock(path))
    }

    private func readCatalog() {
        let path = "\(self.path)/system.db"
        let scratch = scratch + "/catalog"
        let read = findings.trying(path) { () throws(JadeError) in try CatalogView.read(path, scratch: scratch) }
        // A newer format, or a disk that does not answer, is nothing to repair.
        catalogIsDamaged = (read == nil && !findings.all.contains(where: \.isRefusal)) || read?.report.isEmpty == false
        for line in read?.report ?? [] { findings.add(path, expected: "an integrity check without findings", found: line) }
        let folders = ((try? ReadOnlyFileSystem().list("\(self.path)/databases")) ?? [])
        let known = Set(read?.entries.map(\.id) ?? [])
        for entry in read?.entries ?? [] {
            let field = entry.specification.field
            members.append(
                Member(
                    id: entry.id, name: entry.specification.name, directory: directory(entry.id),
                    shape: ShardShape(dimension: field.dimension, elementType: field.elementType),
                    specification: entry.specification))
        }
        for folder in folders where !known.contains(folder) {
            findings.add(
                path, severity: read == nil ? .damage : .warning, expected: "a database of the id \(folder), whose folder is there",
                found: "none: a server removes the folder when it starts")
            if read == nil { addUnknown(folder) }
        }
    }

    /// Without a catalog the folder's own note tells what it is, and without that the rows' own header its shape.
    private func addUnknown(_ folder: String) {
        let note = findings.trying(DatabaseNote.path(directory(folder))) { () throws(JadeError) in
            try DatabaseNote.read(in: directory(folder), ReadOnlyFileSystem())
        }
        if let note = note ?? nil, note.id == folder {
            notes.append(note)
            let field = note.specification.field
            members.append(
                Member(
                    id: folder, name: note.specification.name, directory: directory(folder),
                    shape: ShardShape(dimension: field.dimension, elementType: field.elementType), specification: note.specification))
            return
        }
        guard let shape = MemoryMappedVectorStore.shape(of: "\(directory(folder))/vectors.mmap") else { return }
        members.append(Member(id: folder, name: folder, directory: directory(folder), shape: shape))
    }

    private func directory(_ id: String) -> String { "\(path)/databases/\(id)" }

    /// The members that a name or id picks, or all; `notFound` if there is none of that name.
    func select(_ database: String?) throws(JadeError) -> [Member] {
        guard let database else { return members }
        let chosen = members.filter { $0.name == database || $0.id == database }
        guard !chosen.isEmpty else { throw .notFound("database \"\(database)\" does not exist in \"\(path)\"") }
        return chosen
    }

    /// Reads a member's shard; `conflict` if an embedding program has it open.
    func survey(_ member: Member, _ progress: CheckProgress) throws(JadeError) -> ShardSurvey {
        try hold("\(member.directory)/lock")
        return ShardSurvey(
            member.directory, shape: member.shape, scratch: "\(scratch)/\(member.id)",
            progress: { what, done, total in progress("\(member.name): \(what)", done, total) })
    }
}
