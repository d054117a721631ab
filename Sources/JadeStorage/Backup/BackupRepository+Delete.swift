package import JadeCore
import JadeIO

/// What a deletion or collection has removed.
package struct RemovedExtents: Sendable, Hashable {
    package var count = 0
    package var bytes = 0

    package init() {}
}

extension BackupRepository {
    /// Deletes a backup and the extents that nobody else needs.
    ///
    /// - Throws: `conflict` if a backup that builds on it is being made; `notFound`.
    package func delete(_ backup: String, of database: String) async throws(JadeError) -> RemovedExtents {
        let key = Self.manifestKey(database, backup)
        guard try await store.size(of: key) != nil else { throw .notFound("there is no backup \(backup) in \(store.place)") }
        try await condemn(backup, of: database)
        return try await collectGarbage(of: database)
    }

    /// Takes a backup away; its extents stay until the next collection.
    private func condemn(_ backup: String, of database: String) async throws(JadeError) {
        let condemned = Self.condemnedKey(database, backup)
        try await store.put(condemned, Array("jade condemned 1\n".utf8))
        for (child, claim) in try await claims(of: database) where claim.map({ $0.parent == backup }) ?? true {
            try await store.delete([condemned])
            throw .conflict("backup \(backup) cannot be deleted while backup \(child) builds on it: wait, or cancel that one")
        }
        try await store.delete([Self.manifestKey(database, backup)])
        try await store.delete([condemned])
    }

    /// Backups that are being made, by id; nil where a claim cannot be read.
    func claims(of database: String) async throws(JadeError) -> [(backup: String, claim: Claim?)] {
        var claims: [(String, Claim?)] = []
        for entry in try await store.listAll("claims/\(database)/") {
            do throws(JadeError) { claims.append((entry.key.name, Claim(try await store.get(entry.key)))) } catch where error.code == .notFound {
                // Finished since it was listed.
            }
        }
        return claims
    }

    /// Removes the extents and log records of a database that no backup needs.
    ///
    /// Extents are listed before claims and claims before manifests: an extent's backup had put its claim before, and
    /// takes it away only once its manifest is there.
    package func collectGarbage(of database: String) async throws(JadeError) -> RemovedExtents {
        let stored = try await store.listAll("extents/\(database)/")
        let claimed = Set(try await claims(of: database).map(\.backup))
        try await finishDeletions(of: database)
        var needed: Set<ObjectKey> = []
        var oldest = UInt64.max
        for entry in try await store.listAll("backups/\(database)/") {
            // A manifest that cannot be read may need anything: the error ends the collection.
            let manifest = try await manifest(at: entry.key)
            for extent in manifest.extents { needed.insert(Self.extentKey(database, extent)) }
            oldest = min(oldest, manifest.head.sequence)
        }
        var removed = RemovedExtents()
        var doomed: [ObjectKey] = []
        for entry in stored where !needed.contains(entry.key) && !claimed.contains(Self.origin(of: entry.key)) {
            doomed.append(entry.key)
            removed.count += 1
            removed.bytes += entry.bytes
        }
        try await store.delete(doomed)
        if claimed.isEmpty { try await removeLog(of: database, before: oldest) }
        return removed
    }

    /// The backup in an extent's key.
    private static func origin(of key: ObjectKey) -> String {
        key.text.split(separator: "/").dropLast().last.map(String.init) ?? ""
    }

    /// Deletions that were interrupted: those that had begun to be are completed.
    private func finishDeletions(of database: String) async throws(JadeError) {
        for entry in try await store.listAll("condemned/\(database)/") {
            do throws(JadeError) { try await condemn(entry.key.name, of: database) } catch where error.code == .conflict {
                // In use again: the deletion never got so far.
            }
        }
    }

    /// Removes what an owner has left unfinished: it holds the database alone, so nobody is at work on it.
    func removeAbandoned(_ database: String, owner: UniqueID) async throws(JadeError) {
        for (backup, claim) in try await claims(of: database) where claim?.owner == owner {
            if try await store.size(of: Self.manifestKey(database, backup)) != nil {
                try await store.delete([Self.claimKey(database, backup)])
            } else {
                try await remove(database, unfinished: backup)
            }
        }
    }

    func remove(_ database: String, unfinished backup: String) async throws(JadeError) {
        let extents = try await store.listAll("extents/\(database)/\(backup)/")
        try await store.delete(extents.map(\.key))
        try await store.delete([Self.claimKey(database, backup)])
    }
}
