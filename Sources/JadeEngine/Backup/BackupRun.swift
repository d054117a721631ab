internal import JadeAPI
internal import JadeCore
internal import JadeIO
internal import JadeStorage

/// One backup: the shard's state is held, its files go extent by extent to the target, the manifest comes last.
struct BackupRun: Sendable {
    let database: Database
    let repository: BackupRepository
    let pace: Pace
    let clock: any Clock
    let random: any RandomSource
    /// Of the schedule that asked for it.
    let schedule: String
    let full: Bool
    let report: @Sendable (@Sendable (inout BackupTask) -> Void) -> Void

    /// - Returns: what is there now.
    func run() async throws(JadeError) -> BackupManifest.Head {
        let writer = database.shard.writer
        var backup = try await BackupWriter.begin(
            in: repository, database: database.id, owner: writer.storage.shardID, milliseconds: clock.wallMilliseconds,
            chance: random.word(), full: full)
        let id = backup.head.id
        report { $0.backup = id }
        do throws(JadeError) {
            let held = try writer.holdSnapshot()
            defer { held.release() }
            let snapshot = held.snapshot
            report {
                $0.totalBytes = snapshot.byteCount
                $0.sequence = snapshot.sequence
            }
            var shard = BackupManifest.Shard(snapshot)
            for (number, file) in snapshot.files.enumerated() {
                shard.files.append(try await copy(file, to: &backup))
                if number + 1 == snapshot.unstableFileCount { held.releaseCheckpoints() }
            }
            return try await finish(&backup, shard)
        } catch {
            await backup.abandon()
            throw error
        }
    }

    private func copy(_ file: SnapshotFile, to backup: inout BackupWriter) async throws(JadeError) -> BackupManifest.File {
        var copied = BackupManifest.File(name: file.name)
        report { $0.step = "reading \(file.name)" }
        for index in file.extentStarts.indices {
            try await takeTurns()
            let (bytes, digest) = try file.read(extent: index) { pace.spend($0) }
            copied.extents.append(try await backup.store(bytes, digest))
            let stored = backup.head.storedBytes
            report {
                $0.doneBytes += bytes.count
                $0.storedBytes = stored
            }
        }
        return copied
    }

    private func finish(
        _ backup: inout BackupWriter, _ shard: BackupManifest.Shard
    ) async throws(JadeError) -> BackupManifest.Head {
        try requireNotCancelled()
        report { $0.step = "writing the manifest" }
        let specification = WireJSON.encode(database.current)
        let now = clock.wallMilliseconds
        let manifest = try await backup.finish([shard]) { head in
            head.schedule = schedule
            head.milliseconds = shard.milliseconds
            head.finishedMilliseconds = now
            head.sequence = shard.sequence
            head.vectorCount = shard.vectorCount
            head.specification = specification
        }
        return manifest.head
    }
}
