package import JadeCore

extension BackupRequest {
    package init(_ proto: ProtoCreateBackupRequest) {
        self.init(database: proto.database, target: proto.hasTarget ? proto.target : nil, full: proto.full)
    }
}

extension ProtoCreateBackupRequest {
    package init(_ request: BackupRequest) {
        self.init()
        database = request.database
        if let target = request.target { self.target = target }
        full = request.full
    }
}

extension ProtoBackupName {
    package init(_ backup: String, in target: String?) {
        self.init()
        self.backup = backup
        if let target { self.target = target }
    }

    package var place: String? { hasTarget ? target : nil }
}

extension RestoreRequest {
    package init(_ proto: ProtoRestoreBackupRequest) throws(JadeError) {
        let point: RestorePoint
        switch proto.point {
        case nil, .latest(false): point = .backup
        case .latest(true): point = .latest
        case .sequence(let sequence): point = .sequence(sequence)
        case .atMilliseconds(let milliseconds): point = .milliseconds(milliseconds)
        }
        self.init(
            target: proto.hasTarget ? proto.target : nil, backup: proto.hasBackup ? proto.backup : nil,
            source: proto.hasSource ? proto.source : nil, database: proto.hasDatabase ? proto.database : nil, point: point)
        try validate()
    }
}

extension ProtoRestoreBackupRequest {
    package init(_ request: RestoreRequest) {
        self.init()
        if let target = request.target { self.target = target }
        if let backup = request.backup { self.backup = backup }
        if let source = request.source { self.source = source }
        if let database = request.database { self.database = database }
        switch request.point {
        case .backup: break
        case .latest: latest = true
        case .sequence(let number): sequence = number
        case .milliseconds(let time): atMilliseconds = time
        }
    }
}

extension BackupDescription {
    package init(_ proto: ProtoBackup) {
        self.init(id: proto.id, target: proto.target, databaseID: proto.databaseID, database: proto.database)
        parent = proto.hasParent ? proto.parent : nil
        schedule = proto.hasSchedule ? proto.schedule : nil
        milliseconds = proto.takenAtMilliseconds
        finishedMilliseconds = proto.finishedAtMilliseconds
        sequence = proto.sequence
        vectorCount = Int(count: proto.vectorCount)
        byteCount = Int(count: proto.byteCount)
        storedBytes = Int(count: proto.storedBytes)
        extentCount = Int(count: proto.extentCount)
        storedExtents = Int(count: proto.storedExtents)
    }
}

extension ProtoBackup {
    package init(_ backup: BackupDescription) {
        self.init()
        id = backup.id
        target = backup.target
        databaseID = backup.databaseID
        database = backup.database
        if let parent = backup.parent { self.parent = parent }
        if let schedule = backup.schedule { self.schedule = schedule }
        takenAtMilliseconds = backup.milliseconds
        finishedAtMilliseconds = backup.finishedMilliseconds
        sequence = backup.sequence
        vectorCount = UInt64(count: backup.vectorCount)
        byteCount = UInt64(count: backup.byteCount)
        storedBytes = UInt64(count: backup.storedBytes)
        extentCount = UInt64(count: backup.extentCount)
        storedExtents = UInt64(count: backup.storedExtents)
    }
}

extension BackupTask {
    package init(_ proto: ProtoBackupTask) throws(JadeError) {
        self.init(
            id: proto.id, kind: try choice("kind", proto.kind) { (kind: Kind) in kind.rawValue }, target: proto.target,
            database: proto.database, startedMilliseconds: proto.startedAtMilliseconds)
        state = try choice("state", proto.state) { (state: State) in state.rawValue }
        backup = proto.hasBackup ? proto.backup : nil
        step = proto.step
        doneBytes = Int(count: proto.doneBytes)
        totalBytes = Int(count: proto.totalBytes)
        finishedMilliseconds = proto.hasFinishedAtMilliseconds ? proto.finishedAtMilliseconds : nil
        sequence = proto.hasSequence ? proto.sequence : nil
        storedBytes = Int(count: proto.storedBytes)
        failure = proto.hasFailure ? JadeError(proto.failure) : nil
    }
}

extension ProtoBackupTask {
    package init(_ task: BackupTask) {
        self.init()
        id = task.id
        kind = task.kind.rawValue
        state = task.state.rawValue
        target = task.target
        database = task.database
        if let backup = task.backup { self.backup = backup }
        step = task.step
        doneBytes = UInt64(count: task.doneBytes)
        totalBytes = UInt64(count: task.totalBytes)
        startedAtMilliseconds = task.startedMilliseconds
        if let milliseconds = task.finishedMilliseconds { finishedAtMilliseconds = milliseconds }
        if let sequence = task.sequence { self.sequence = sequence }
        storedBytes = UInt64(count: task.storedBytes)
        if let failure = task.failure { self.failure = ProtoBackupFailure(failure) }
    }
}

extension JadeError {
    init(_ proto: ProtoBackupFailure) { self.init(ErrorCode(rawValue: proto.code) ?? .internal, proto.message) }
}

extension ProtoBackupFailure {
    init(_ error: JadeError) {
        self.init()
        code = error.code.rawValue
        message = error.message
    }
}

extension BackupSchedule {
    package init(_ proto: ProtoBackupSchedule) throws(JadeError) {
        self.init(
            name: proto.name, database: proto.database, target: proto.target,
            everySeconds: try Number.int(proto.everySeconds, "every_seconds"),
            retention: BackupRetention(
                last: proto.hasKeepLast ? Int(proto.keepLast) : 7, daily: Int(proto.keepDaily), weekly: Int(proto.keepWeekly)),
            logSeconds: proto.hasLogSeconds ? try Number.int(proto.logSeconds, "log_seconds") : nil)
    }
}

extension ProtoBackupSchedule {
    package init(_ schedule: BackupSchedule) {
        self.init()
        name = schedule.name
        database = schedule.database
        target = schedule.target
        everySeconds = UInt64(count: schedule.everySeconds)
        keepLast = UInt32(clamping: schedule.retention.last)
        keepDaily = UInt32(clamping: schedule.retention.daily)
        keepWeekly = UInt32(clamping: schedule.retention.weekly)
        if let seconds = schedule.logSeconds { logSeconds = UInt64(count: seconds) }
    }
}

extension BackupScheduleStatus {
    package init(_ proto: ProtoBackupScheduleStatus) throws(JadeError) {
        self.init(schedule: try BackupSchedule(proto.schedule), nextMilliseconds: proto.nextAtMilliseconds)
        lastBackup = proto.hasLastBackup ? proto.lastBackup : nil
        archivedSequence = proto.hasArchivedSequence ? proto.archivedSequence : nil
        failure = proto.hasFailure ? JadeError(proto.failure) : nil
    }
}

extension ProtoBackupScheduleStatus {
    package init(_ status: BackupScheduleStatus) {
        self.init()
        schedule = ProtoBackupSchedule(status.schedule)
        nextAtMilliseconds = status.nextMilliseconds
        if let backup = status.lastBackup { lastBackup = backup }
        if let sequence = status.archivedSequence { archivedSequence = sequence }
        if let failure = status.failure { self.failure = ProtoBackupFailure(failure) }
    }
}

extension BackupTarget {
    package init(_ proto: ProtoBackupTarget) { self.init(name: proto.name, place: proto.place) }
}

extension ProtoBackupTarget {
    package init(_ target: BackupTarget) {
        self.init()
        name = target.name
        place = target.place
    }
}

extension BackupDeletion {
    package init(_ proto: ProtoBackupDeletion) {
        self.init(
            backup: proto.backup, removedExtents: Int(count: proto.removedExtents), removedBytes: Int(count: proto.removedBytes))
    }
}

extension ProtoBackupDeletion {
    package init(_ deletion: BackupDeletion) {
        self.init()
        backup = deletion.backup
        removedExtents = UInt64(count: deletion.removedExtents)
        removedBytes = UInt64(count: deletion.removedBytes)
    }
}
