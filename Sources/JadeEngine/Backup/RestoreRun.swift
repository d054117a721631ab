internal import JadeAPI
internal import JadeCore
internal import JadeIO
internal import JadeMetadata
internal import JadeStorage

/// One restore: the new database's folder is built where nothing refers to it, opened, and then entered in the catalog. An end
/// in between leaves a folder that the next start removes.
struct RestoreRun: Sendable {
    let engine: Engine
    let repository: BackupRepository
    let manifest: BackupManifest
    let name: String
    let point: RestorePoint
    let ownerID: String?
    let report: @Sendable (@Sendable (inout BackupTask) -> Void) -> Void

    func run() async throws(JadeError) {
        var specification: DatabaseSpecification = try WireJSON.decode(from: manifest.head.specification)
        specification.name = name
        try specification.validate()
        guard manifest.shards.count == specification.shardCount, let shard = manifest.shards.first else {
            throw .corrupted("backup \(manifest.head.id) has \(manifest.shards.count) shards, its database \(specification.shardCount)")
        }
        try requireRoom()
        let log = try await logBehind(shard)
        let id = engine.random.uniqueID().hexadecimal
        do throws(JadeError) {
            try await build(shard, log, engine.directory(of: id))
            try requireNotCancelled()
            report { $0.step = "opening the database" }
            let opened = try engine.adopt(id, specification, ownerID: ownerID) { (opened) throws(JadeError) in
                let sequence = log.last?.lastSequence ?? shard.sequence
                guard opened.storage.lastSequence == sequence, !log.isEmpty || opened.snapshots.current.liveCount == shard.vectorCount else {
                    throw .corrupted(
                        "backup \(manifest.head.id): expected \(shard.vectorCount) vectors at sequence \(sequence), "
                            + "found \(opened.snapshots.current.liveCount) at \(opened.storage.lastSequence)")
                }
            }
            report { $0.sequence = opened.shard.storage.lastSequence }
        } catch {
            engine.removeFolder(of: id)
            throw error
        }
    }

    private func requireRoom() throws(JadeError) {
        let (needed, free) = (manifest.head.byteCount, try engine.files.freeSpace(at: engine.configuration.dataDirectory))
        guard free > needed else {
            throw .resourceExhausted("backup \(manifest.head.id) needs \(needed) bytes, \"\(engine.configuration.dataDirectory)\" has \(free) free")
        }
    }

    /// The archived records up to the point that is wanted.
    private func logBehind(_ shard: BackupManifest.Shard) async throws(JadeError) -> [LogPiece] {
        let database = manifest.head.databaseID
        switch point {
        case .backup: return []
        case .latest: return try await repository.log(of: database, after: shard.sequence, to: .latest)
        case .milliseconds(let time):
            guard time >= shard.milliseconds else { throw .invalidArgument("backup \(manifest.head.id) is of a later moment: choose an earlier one") }
            if time == shard.milliseconds { return [] }
            return try await repository.log(of: database, after: shard.sequence, to: .milliseconds(time))
        case .sequence(let last):
            guard last >= shard.sequence else {
                throw .invalidArgument("backup \(manifest.head.id) is at sequence \(shard.sequence), behind \(last): choose an earlier one")
            }
            let log = last == shard.sequence ? [] : try await repository.log(of: database, after: shard.sequence, to: .sequence(last))
            let reached = log.last?.lastSequence ?? shard.sequence
            guard reached == last else { throw .notFound("the archived log of database \(database) ends at sequence \(reached), not at \(last)") }
            return log
        }
    }

    private func build(_ shard: BackupManifest.Shard, _ log: [LogPiece], _ directory: String) async throws(JadeError) {
        let bytes = manifest.head.byteCount
        report { $0.totalBytes = bytes }
        let restore = try ShardRestore(directory, shard, in: engine.files)
        for file in shard.files {
            report { $0.step = "writing \(file.name)" }
            try await restore.write(file) { (extent) async throws(JadeError) -> [UInt8] in
                try await takeTurns()
                let bytes = try await repository.extent(extent, of: manifest.head.databaseID)
                report { $0.doneBytes += bytes.count }
                return bytes
            }
        }
        try restore.finish(shardID: engine.random.uniqueID(), log: log)
    }
}

extension Engine {
    /// Opens a folder that was built as a database, has `check` look at it, and enters it in the catalog.
    func adopt(
        _ id: String, _ specification: DatabaseSpecification, ownerID: String? = nil, check: (Shard) throws(JadeError) -> Void
    ) throws(JadeError) -> Database {
        let shard = try Shard(directory: directory(of: id), create: false, context: shardContext(specification))
        let now = clock.wallMilliseconds
        do throws(JadeError) {
            try check(shard)
            try catalog.insert(id: id, specification: specification, createdAtMilliseconds: now, ownerID: ownerID)
        } catch {
            shard.abandon()
            shard.storage.letGo()
            throw error
        }
        let database = Database(id: id, createdAtMilliseconds: now, specification: specification, shard: shard)
        databases.add(database)
        return database
    }
}
