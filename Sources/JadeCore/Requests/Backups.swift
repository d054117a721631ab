/// What a user asks for when backing a database up.
public struct BackupRequest: Sendable, Hashable {
    /// Name or id.
    public var database: String
    /// The name of a place that the configuration knows; nil takes the only one there is.
    public var target: String?
    /// Stores everything anew instead of what changed since the last backup.
    public var full: Bool

    public init(database: String, target: String? = nil, full: Bool = false) {
        self.database = database
        self.target = target
        self.full = full
    }
}

/// The moment to which a database is restored.
public enum RestorePoint: Sendable, Hashable {
    /// Of the backup itself.
    case backup
    /// The last that is archived.
    case latest
    /// Behind the write of this sequence number.
    case sequence(UInt64)
    /// Milliseconds since 1970: everything committed up to then.
    case milliseconds(Int64)
}

/// What a user asks for when restoring.
public struct RestoreRequest: Sendable, Hashable {
    public var target: String?
    /// The backup to start from; nil takes the newest of `source` that is not behind the point.
    public var backup: String?
    /// Name or id of the database that was backed up; needed where no backup is named.
    public var source: String?
    /// The name of the new database; nil takes the one it had.
    public var database: String?
    public var point: RestorePoint
    /// The id of the user who is to own the new database; no part of what is sent, a server says it by who asks.
    package var ownerID: String?

    public init(
        target: String? = nil, backup: String? = nil, source: String? = nil, database: String? = nil, point: RestorePoint = .backup
    ) {
        self.target = target
        self.backup = backup
        self.source = source
        self.database = database
        self.point = point
    }

    public func validate() throws(JadeError) {
        guard backup != nil || source != nil else { throw .invalidArgument("name the backup to restore, or the database that it is of as source") }
        if let database { try DatabaseSpecification.validate(name: database) }
    }
}

/// A backup that is there.
public struct BackupDescription: Sendable, Hashable {
    public var id: String
    public var target: String
    public var databaseID: String
    /// The name that the database had.
    public var database: String
    /// The backup that it builds on, if any; that one may be deleted all the same.
    public var parent: String?
    /// The schedule that made it, if one did.
    public var schedule: String?
    /// When the state was taken, in milliseconds since 1970.
    public var milliseconds: Int64
    public var finishedMilliseconds: Int64
    /// The last write that is in it.
    public var sequence: UInt64
    public var vectorCount: Int
    /// Bytes that a restore brings back, and of these the ones that this backup itself stored.
    public var byteCount: Int
    public var storedBytes: Int
    public var extentCount: Int
    public var storedExtents: Int

    public init(id: String, target: String, databaseID: String, database: String) {
        self.id = id
        self.target = target
        self.databaseID = databaseID
        self.database = database
        (milliseconds, finishedMilliseconds, sequence) = (0, 0, 0)
        (vectorCount, byteCount, storedBytes, extentCount, storedExtents) = (0, 0, 0, 0, 0)
    }
}

/// Work on a backup that takes its time.
public struct BackupTask: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case create, verify, restore
    }

    public enum State: String, Sendable, CaseIterable {
        case running, succeeded, failed, cancelled
    }

    public var id: String
    public var kind: Kind
    public var state: State = .running
    public var target: String
    /// The database that is backed up or comes to be.
    public var database: String
    /// The backup, once it is known.
    public var backup: String?
    /// What it is at: `reading vectors.mmap`.
    public var step = ""
    public var doneBytes = 0
    /// 0 until it is known.
    public var totalBytes = 0
    public var startedMilliseconds: Int64
    public var finishedMilliseconds: Int64?
    /// Of what was stored, or brought back.
    public var sequence: UInt64?
    /// Bytes that had to be stored; extents that were found unchanged are not among them.
    public var storedBytes = 0
    /// Why it failed.
    public var failure: JadeError?

    public init(id: String, kind: Kind, target: String, database: String, startedMilliseconds: Int64) {
        self.id = id
        self.kind = kind
        self.target = target
        self.database = database
        self.startedMilliseconds = startedMilliseconds
    }
}

/// Which backups of a schedule stay: one that any of the rules keeps does.
public struct BackupRetention: Sendable, Hashable {
    /// The newest ones.
    public var last: Int
    /// The newest of each of so many days (in UTC) that have one.
    public var daily: Int
    /// The newest of each of so many weeks (from Monday, in UTC) that have one.
    public var weekly: Int

    public init(last: Int = 7, daily: Int = 0, weekly: Int = 0) {
        self.last = last
        self.daily = daily
        self.weekly = weekly
    }

    public func validate() throws(JadeError) {
        try Limits.require(last, in: 1...10_000, "keep_last")
        try Limits.require(daily, in: 0...10_000, "keep_daily")
        try Limits.require(weekly, in: 0...10_000, "keep_weekly")
    }
}

/// Backups that are made without being asked for.
public struct BackupSchedule: Sendable, Hashable {
    public var name: String
    /// Name or id.
    public var database: String
    public var target: String
    /// Seconds between two backups, counted from midnight in UTC.
    public var everySeconds: Int
    public var retention: BackupRetention
    /// Archives the log in between, for restores to any moment; nil does not, otherwise seconds between two transfers.
    public var logSeconds: Int?

    public init(
        name: String, database: String, target: String, everySeconds: Int, retention: BackupRetention = BackupRetention(),
        logSeconds: Int? = nil
    ) {
        self.name = name
        self.database = database
        self.target = target
        self.everySeconds = everySeconds
        self.retention = retention
        self.logSeconds = logSeconds
    }

    public func validate() throws(JadeError) {
        do throws(JadeError) { try DatabaseSpecification.validate(name: name) } catch {
            throw .invalidArgument("schedule \(name.debugDescription): a name may hold letters, digits, '.', '_' and '-', and starts with a letter or digit")
        }
        try Limits.require(everySeconds, in: 1...366 * 86_400, "every_seconds")
        if let logSeconds { try Limits.require(logSeconds, in: 1...86_400, "log_seconds") }
        try retention.validate()
    }
}

/// A schedule with what became of it last.
public struct BackupScheduleStatus: Sendable, Hashable {
    public var schedule: BackupSchedule
    public var nextMilliseconds: Int64
    public var lastBackup: String?
    /// Up to where the log is archived.
    public var archivedSequence: UInt64?
    /// Why the last backup or transfer of the log failed; nil once one succeeds.
    public var failure: JadeError?

    public init(schedule: BackupSchedule, nextMilliseconds: Int64) {
        self.schedule = schedule
        self.nextMilliseconds = nextMilliseconds
    }
}

/// A place for backups that the configuration names.
public struct BackupTarget: Sendable, Hashable {
    public var name: String
    public var place: String

    public init(name: String, place: String) {
        self.name = name
        self.place = place
    }
}

/// What the deletion of a backup has set free.
public struct BackupDeletion: Sendable, Hashable {
    public var backup: String
    public var removedExtents: Int
    public var removedBytes: Int

    public init(backup: String, removedExtents: Int, removedBytes: Int) {
        self.backup = backup
        self.removedExtents = removedExtents
        self.removedBytes = removedBytes
    }
}
