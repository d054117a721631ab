package import JadeCore
internal import JadeIO
internal import JadeMetadata

/// A catalog made again from what can be read of the damaged one, and from the notes in the databases' folders.
package struct CatalogRepair: Sendable {
    /// Names of the databases that the new catalog has.
    package private(set) var databases: [String] = []
    /// What could not be recovered, a sentence each.
    package private(set) var losses: [String] = []
    /// Where the damaged files were set aside; nil if they were not touched.
    package private(set) var aside: String?

    /// The new catalog is whole before it takes the old one's place; a stop in between leaves either.
    init(_ folder: ClosedFolder, dryRun: Bool) throws(JadeError) {
        let files = LocalFileSystem()
        let (path, new) = ("\(folder.path)/system.db", dryRun ? "\(folder.scratch)/rebuilt.db" : "\(folder.path)/system.db-rebuilt")
        try files.createDirectory(folder.scratch)
        for suffix in ["", "-wal", "-shm"] { try files.remove(new + suffix) }
        let result = try CatalogSalvage.rebuild(from: path, at: new, adding: folder.notes, scratch: "\(folder.scratch)/salvage")
        databases = result.entries.map(\.specification.name)
        losses = result.losses
        if dryRun { return }
        let aside = try Self.freeName(path, files)
        for suffix in ["-wal", "-shm"] {
            try files.remove(new + suffix)
            if try files.fileExists(path + suffix) { try files.rename(path + suffix, to: aside + suffix) }
        }
        if try files.fileExists(path) {
            try files.rename(path, to: aside)
            self.aside = aside
        }
        try files.rename(new, to: path)
        try files.syncDirectory(folder.path)
    }

    private static func freeName(_ path: String, _ files: LocalFileSystem) throws(JadeError) -> String {
        var number = 1
        while try files.fileExists("\(path)-aside-\(number)") { number += 1 }
        return "\(path)-aside-\(number)"
    }
}
