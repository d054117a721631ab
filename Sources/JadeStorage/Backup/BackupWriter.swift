package import JadeCore
package import JadeIO

/// One backup on its way into a repository: claim, extents, manifest.
package struct BackupWriter: Sendable {
    private let repository: BackupRepository
    package private(set) var head: BackupManifest.Head
    /// Extents that are there already, by their digest.
    private var known: [Digest: BackupManifest.Extent] = [:]
    /// Once the manifest was sent nobody here knows whether it is there.
    private var isPublishing = false

    /// Claims a new backup of a database.
    ///
    /// - Parameters:
    ///   - owner: who may hold the database's files: what it left unfinished before is dead now, and goes.
    ///   - full: takes nothing over from earlier backups.
    package static func begin(
        in repository: BackupRepository, database: String, owner: UniqueID, milliseconds: Int64, chance: UInt64, full: Bool
    ) async throws(JadeError) -> BackupWriter {
        try await repository.removeAbandoned(database, owner: owner)
        var head = BackupManifest.Head(id: BackupManifest.newID(milliseconds: milliseconds, chance: chance), databaseID: database)
        let newest = full ? nil : try await repository.store.listAll("backups/\(database)/").last?.key
        let claim = Claim(parent: newest?.name ?? "", owner: owner)
        guard try await repository.store.putIfAbsent(BackupRepository.claimKey(database, head.id), claim.encoded) == .stored else {
            throw .conflict("backup \(head.id) is being made already")
        }
        guard let newest else { return BackupWriter(repository: repository, head: head) }
        var writer = BackupWriter(repository: repository, head: head)
        if let parent = try await usable(newest, database, repository) {
            head.parent = newest.name
            writer.head = head
            for extent in parent.extents { writer.known[extent.digest] = extent }
        }
        return writer
    }

    /// The parent, unless it is being deleted or cannot be read: then the backup stands alone.
    private static func usable(
        _ key: ObjectKey, _ database: String, _ repository: BackupRepository
    ) async throws(JadeError) -> BackupManifest? {
        guard try await repository.store.size(of: BackupRepository.condemnedKey(database, key.name)) == nil else { return nil }
        do throws(JadeError) { return try await repository.manifest(at: key) } catch where error.code == .corrupted || error.code == .notFound {
            return nil
        }
    }

    private init(repository: BackupRepository, head: BackupManifest.Head) {
        self.repository = repository
        self.head = head
    }

    /// Stores an extent unless this or the parent backup has it.
    package mutating func store(_ bytes: [UInt8], _ digest: Digest) async throws(JadeError) -> BackupManifest.Extent {
        head.byteCount += bytes.count
        head.extentCount += 1
        if let extent = known[digest], extent.byteCount == bytes.count { return extent }
        let extent = BackupManifest.Extent(digest: digest, byteCount: bytes.count, origin: head.id)
        try await repository.store.put(BackupRepository.extentKey(head.databaseID, extent), bytes)
        head.storedBytes += bytes.count
        head.storedExtents += 1
        known[digest] = extent
        return extent
    }

    /// Makes the backup be there.
    package mutating func finish(
        _ shards: [BackupManifest.Shard], _ change: (inout BackupManifest.Head) -> Void
    ) async throws(JadeError) -> BackupManifest {
        change(&head)
        let manifest = BackupManifest(head: head, shards: shards)
        let claim = BackupRepository.claimKey(head.databaseID, head.id)
        guard try await repository.store.size(of: claim) != nil else {
            throw .conflict("backup \(head.id) was given up by others: its claim is gone")
        }
        let key = BackupRepository.manifestKey(head.databaseID, head.id)
        isPublishing = true
        guard try await repository.store.putIfAbsent(key, manifest.encoded()) == .stored else {
            throw .conflict("backup \(head.id) exists already")
        }
        // It is there from now on, whatever becomes of the claim.
        try? await repository.store.delete([claim])
        return manifest
    }

    /// Takes back what was stored. What cannot be reached now, and what a manifest may name by now, is left to the next backup,
    /// which looks again.
    package func abandon() async {
        if !isPublishing { try? await repository.remove(head.databaseID, unfinished: head.id) }
    }
}

/// Says that a backup is being made, on what it builds, and by whom.
struct Claim: Hashable {
    var parent: String
    var owner: UniqueID

    private static let heading = "jade claim 1"

    init(parent: String, owner: UniqueID) {
        self.parent = parent
        self.owner = owner
    }

    /// Lines of text: the heading, the parent's id or nothing, the owner.
    var encoded: [UInt8] { Array("\(Self.heading)\n\(parent)\n\(owner.hexadecimal)\n".utf8) }

    /// Nil for anything else: such a claim protects its own extents and every parent.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == Self.heading, lines[2].utf8.count == 32,
            let high = UInt64(lines[2].prefix(16), radix: 16), let low = UInt64(lines[2].suffix(16), radix: 16)
        else { return nil }
        parent = String(lines[1])
        owner = UniqueID(high: high, low: low)
    }
}
