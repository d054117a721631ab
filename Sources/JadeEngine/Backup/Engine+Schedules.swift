public import JadeCore
internal import JadeIO
internal import JadeStorage
internal import Logging

extension Engine {
    public func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus {
        try schedule.validate()
        let database = try databases.find(schedule.database)
        _ = try target(schedule.target)
        let entry = try schedules.set(schedule, databaseID: database.id)
        if schedule.logSeconds != nil, entry.log.archived == nil { database.shard.storage.holdLog(after: 0) }
        releaseLogUnlessArchived(database.id)
        return entry.status
    }

    public func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus] { schedules.all.map(\.status) }

    public func deleteBackupSchedule(_ name: String) async throws(JadeError) {
        releaseLogUnlessArchived(try schedules.remove(name).databaseID)
    }

    private func releaseLogUnlessArchived(_ databaseID: String) {
        guard !schedules.archivesLog(of: databaseID), let database = try? databases.find(databaseID) else { return }
        database.shard.storage.holdLog(after: nil)
    }

    /// Called once a second: begins what is due.
    func performScheduledBackups() {
        let now = clock.wallMilliseconds
        for entry in schedules.all {
            if !entry.isBusy, now >= entry.nextMilliseconds() { beginBackup(entry, now) }
            if let seconds = entry.schedule.logSeconds, !entry.log.isBusy, now >= entry.log.nextAt {
                schedules.update(entry.schedule.name) {
                    $0.log.isBusy = true
                    $0.log.nextAt = now + Int64(seconds) * 1_000
                }
                backupWork.runBehind { [self] in await archiveLog(entry) }
            }
        }
    }

    /// After a failure it is tried again this much later, or when it is due again if that comes first.
    private static let retryMilliseconds: Int64 = 300_000

    private func beginBackup(_ entry: BackupSchedules.Entry, _ now: Int64) {
        let name = entry.schedule.name
        schedules.update(name) { $0.isBusy = true }
        do throws(JadeError) {
            let database = try databases.find(entry.databaseID)
            _ = try startBackup(
                of: database, in: entry.schedule.target, full: false, schedule: name,
                done: { [self] (outcome) in await endBackup(entry, began: now, outcome) },
                // Not before: what becomes due at once would find the task that made this one still under way.
                ended: { [schedules] in schedules.update(name) { $0.isBusy = false } })
        } catch {
            // Another backup of the database is being made: this one is next.
            if error.code != .conflict { noteFailure(entry, error) }
            schedules.update(name) { $0.isBusy = false }
        }
    }

    private func endBackup(
        _ entry: BackupSchedules.Entry, began: Int64, _ outcome: Result<BackupManifest.Head, JadeError>
    ) async {
        do throws(JadeError) {
            let head = try outcome.get()
            try schedules.note(entry.schedule.name, backup: head.id, began: began)
            schedules.update(entry.schedule.name) {
                $0.failure = nil
                $0.retryAt = 0
            }
            try await removeExpired(entry, head.databaseID)
        } catch {
            noteFailure(entry, error)
        }
    }

    private func noteFailure(_ entry: BackupSchedules.Entry, _ error: JadeError) {
        logger.error("a scheduled backup failed", metadata: ["schedule": "\(entry.schedule.name)", "error": "\(error)"])
        let retryAt = clock.wallMilliseconds + min(Self.retryMilliseconds, Int64(entry.schedule.everySeconds) * 1_000)
        schedules.update(entry.schedule.name) {
            $0.failure = error
            $0.retryAt = retryAt
        }
    }

    /// Deletes what the schedule made and its retention does not keep.
    private func removeExpired(_ entry: BackupSchedules.Entry, _ databaseID: String) async throws(JadeError) {
        let repository = try repository(entry.schedule.target)
        let own = try await repository.heads(of: databaseID).heads.filter { $0.schedule == entry.schedule.name }
        let kept = entry.schedule.retention.kept(own.map { ($0.id, $0.milliseconds) })
        for head in own where !kept.contains(head.id) {
            do throws(JadeError) { _ = try await repository.delete(head.id, of: databaseID) } catch where error.code == .conflict || error.code == .notFound {
                // In use, or gone: the next backup looks again.
            }
        }
    }

    /// Transfers the log's new records, and lets go of them.
    private func archiveLog(_ entry: BackupSchedules.Entry) async {
        let name = entry.schedule.name
        do throws(JadeError) {
            let database = try databases.find(entry.databaseID)
            let archive = LogArchive(shard: database.shard, databaseID: database.id, repository: try repository(entry.schedule.target))
            let end = try await archive.transfer(after: entry.log.archived)
            schedules.update(name) {
                $0.log.archived = end
                $0.log.failure = nil
            }
        } catch {
            letGoOfLongLog(entry.databaseID)
            logger.error("the log of a database cannot be archived", metadata: ["schedule": "\(name)", "error": "\(error)"])
            schedules.update(name) {
                $0.log.failure = error
                // What is there is looked at anew.
                $0.log.archived = nil
            }
        }
        schedules.update(name) { $0.log.isBusy = false }
        // A schedule that was deleted meanwhile must not leave the log held.
        releaseLogUnlessArchived(entry.databaseID)
    }

    /// A place that does not answer must not fill the disk: the archive has a gap then, until the next backup.
    private func letGoOfLongLog(_ databaseID: String) {
        guard let storage = try? databases.find(databaseID).shard.storage, let bytes = try? storage.logByteCount(),
            bytes > Limits.maximumHeldLogBytes
        else { return }
        storage.holdLog(after: nil)
    }
}

/// A shard's log on its way into the archive.
struct LogArchive: Sendable {
    let shard: Shard
    let databaseID: String
    let repository: BackupRepository

    /// Archives what is new, and lets checkpoints forget it.
    ///
    /// - Parameter known: up to where it is archived; nil has the archive looked at.
    /// - Returns: up to where it is now.
    func transfer(after known: UInt64?) async throws(JadeError) -> UInt64 {
        var end = try await start(known)
        let last = try shard.writer.performBetweenGroups { [storage = shard.storage] () throws(JadeError) in try storage.makeDurable() }
        guard end <= last else {
            throw .conflict("the archived log of database \(databaseID) ends at sequence \(end), the database at \(last): it was taken back to an earlier state")
        }
        while end < last {
            try await takeTurns()
            let piece = try shard.storage.logPiece(after: end, through: last)
            try await repository.archive(piece, of: databaseID)
            end = piece.lastSequence
            shard.storage.holdLog(after: end)
        }
        shard.storage.holdLog(after: end)
        return end
    }

    /// The last archived record, or the one before the first that the log still has.
    private func start(_ known: UInt64?) async throws(JadeError) -> UInt64 {
        let before = shard.storage.firstLogSequence - 1
        if let known { return max(known, before) }
        guard let archived = try await repository.archivedEnd(of: databaseID) else { return before }
        return max(archived, before)
    }
}
