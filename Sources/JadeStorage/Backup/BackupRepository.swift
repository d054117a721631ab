package import JadeCore
import JadeIO

/// The backups in one object store.
///
/// ```
/// backups/<database>/<backup>              the manifest: the backup is there when this is
/// extents/<database>/<backup>/<digest>     what that backup stored and later ones take over
/// claims/<database>/<backup>               a backup that is being made, and the one that it builds on
/// condemned/<database>/<backup>            a backup that is being deleted
/// log/<database>/<first sequence>          archived records
/// ```
///
/// Nothing here needs a clock or a lock. A backup takes extents over from one other only, its parent. It puts its claim, which
/// names the parent, and then looks whether the parent is condemned; a deletion condemns and then looks for claims: whichever
/// comes second sees the other. Garbage is what no manifest names and no claim protects.
package struct BackupRepository: Sendable {
    package let store: any ObjectStore

    package init(_ store: any ObjectStore) { self.store = store }

    static func manifestKey(_ database: String, _ backup: String) -> ObjectKey { ObjectKey("backups", database, backup) }
    static func claimKey(_ database: String, _ backup: String) -> ObjectKey { ObjectKey("claims", database, backup) }
    static func condemnedKey(_ database: String, _ backup: String) -> ObjectKey { ObjectKey("condemned", database, backup) }
    static func extentKey(_ database: String, _ extent: BackupManifest.Extent) -> ObjectKey {
        ObjectKey("extents", database, extent.origin, extent.digest.hexadecimal)
    }

    /// An object as errors name it.
    func path(_ key: ObjectKey) -> String { "\(store.place)/\(key)" }

    /// The backups, oldest first; of one database, or of all that ever stored here.
    ///
    /// A manifest that cannot be read is in `unreadable` instead: it keeps nobody from the others.
    package func heads(
        of database: String? = nil
    ) async throws(JadeError) -> (heads: [BackupManifest.Head], unreadable: [Finding]) {
        var heads: [BackupManifest.Head] = []
        var unreadable: [Finding] = []
        for entry in try await store.listAll(database.map { "backups/\($0)/" } ?? "backups/") {
            do throws(JadeError) {
                let bytes = try await store.get(entry.key, range: 0..<Limits.maximumBackupHeadBytes)
                heads.append(try BackupManifest.Head.decode(bytes, file: path(entry.key)))
            } catch where error.code == .corrupted {
                unreadable.append(Finding(error, file: path(entry.key)))
            } catch where error.code == .notFound {
                // Deleted since it was listed.
            }
        }
        return (heads.sorted { $0.id < $1.id }, unreadable)
    }

    /// A backup by its id: `notFound`, `corrupted`.
    package func manifest(_ backup: String) async throws(JadeError) -> BackupManifest {
        guard BackupManifest.isID(backup) else { throw .invalidArgument("\(backup.debugDescription) is no id of a backup") }
        guard let entry = try await store.listAll("backups/").first(where: { $0.key.name == backup }) else {
            throw .notFound("there is no backup \(backup) in \(store.place)")
        }
        return try await manifest(at: entry.key)
    }

    func manifest(at key: ObjectKey) async throws(JadeError) -> BackupManifest {
        let bytes = try await store.get(key)
        guard bytes.count <= Limits.maximumBackupManifestBytes else {
            throw .tooLarge("\(path(key)) has \(bytes.count) bytes, the limit is \(Limits.maximumBackupManifestBytes)")
        }
        let manifest = try BackupManifest.decode(bytes, file: path(key))
        guard key == Self.manifestKey(manifest.head.databaseID, manifest.head.id) else {
            throw .corrupted("\(path(key)): expected the manifest of that backup, found the one of \(manifest.head.id)")
        }
        return manifest
    }

    /// An extent's bytes, compared with its digest.
    package func extent(_ extent: BackupManifest.Extent, of database: String) async throws(JadeError) -> [UInt8] {
        let key = Self.extentKey(database, extent)
        let bytes: [UInt8]
        do throws(JadeError) { bytes = try await store.get(key) } catch where error.code == .notFound {
            throw .corrupted("\(path(key)): expected an extent of \(extent.byteCount) bytes, found none")
        }
        guard bytes.count == extent.byteCount else {
            throw .corrupted(file: path(key), offset: min(bytes.count, extent.byteCount), expected: "\(extent.byteCount) bytes", found: "\(bytes.count)")
        }
        let found = SHA256.digest(bytes)
        guard found == extent.digest else {
            throw .corrupted(file: path(key), offset: 0, expected: "digest \(extent.digest)", found: "\(found)")
        }
        return bytes
    }
}
