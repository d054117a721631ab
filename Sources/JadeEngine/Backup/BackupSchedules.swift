internal import JadeAPI
internal import JadeCore
internal import JadeIO
internal import JadeJSON
internal import JadeKernels
internal import Synchronization

/// The schedules of a node, kept in the file `schedules` of its data directory, and how far each is.
final class BackupSchedules: Sendable {
    struct Entry: Sendable {
        var schedule: BackupSchedule
        /// Schedules stay with the database, whatever its name.
        var databaseID: String
        /// When its last backup began, in milliseconds since 1970; 0 at first.
        var lastMilliseconds: Int64 = 0
        /// That backup's id.
        var lastBackup: String?
        // The rest is found out again after a start.
        var isBusy = false
        var retryAt: Int64 = 0
        var failure: JadeError?
        var log = LogState()
    }

    struct LogState: Sendable {
        var archived: UInt64?
        var nextAt: Int64 = 0
        var isBusy = false
        var failure: JadeError?
    }

    private let path: String
    private let files: any FileSystem
    private let state: Mutex<[Entry]>

    init(_ path: String, _ files: any FileSystem) throws(JadeError) {
        self.path = path
        self.files = files
        state = Mutex(try ScheduleFile.read(path, in: files))
    }

    var all: [Entry] { state.withLock { $0 } }

    /// Whether records of the database's log wait to be archived.
    func archivesLog(of databaseID: String) -> Bool {
        all.contains { $0.databaseID == databaseID && $0.schedule.logSeconds != nil }
    }

    func update(_ name: String, _ change: (inout Entry) -> Void) {
        state.withLock { entries in
            guard let index = entries.firstIndex(where: { $0.schedule.name == name }) else { return }
            change(&entries[index])
        }
    }

    func set(_ schedule: BackupSchedule, databaseID: String) throws(JadeError) -> Entry {
        try change { (entries) throws(JadeError) in
            if schedule.logSeconds != nil,
                let other = entries.first(where: { $0.databaseID == databaseID && $0.schedule.logSeconds != nil && $0.schedule.name != schedule.name })
            {
                throw .conflict("schedule \(other.schedule.name) archives the log of database \(databaseID) already")
            }
            if let index = entries.firstIndex(where: { $0.schedule.name == schedule.name }) {
                if entries[index].databaseID != databaseID || entries[index].schedule.target != schedule.target {
                    entries[index].log = LogState()
                    entries[index].lastBackup = nil
                }
                entries[index].schedule = schedule
                entries[index].databaseID = databaseID
                entries[index].retryAt = 0
                return entries[index]
            }
            guard entries.count < Limits.maximumBackupSchedules else {
                throw .tooLarge("there are \(entries.count) backup schedules, the limit is \(Limits.maximumBackupSchedules)")
            }
            let entry = Entry(schedule: schedule, databaseID: databaseID)
            entries.append(entry)
            return entry
        }
    }

    func remove(_ name: String) throws(JadeError) -> Entry {
        try change { (entries) throws(JadeError) in
            guard let index = entries.firstIndex(where: { $0.schedule.name == name }) else {
                throw .notFound("there is no backup schedule \(name.debugDescription)")
            }
            return entries.remove(at: index)
        }
    }

    /// Remembers a backup that was made.
    func note(_ name: String, backup: String, began milliseconds: Int64) throws(JadeError) {
        try change { (entries) throws(JadeError) in
            guard let index = entries.firstIndex(where: { $0.schedule.name == name }) else { return }
            entries[index].lastMilliseconds = milliseconds
            entries[index].lastBackup = backup
        }
    }

    /// What is on disk is what holds: a change that cannot be written is none.
    private func change<Value: Sendable>(
        _ body: (inout [Entry]) throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        let result: Result<Value, JadeError> = state.withLock { entries in
            do throws(JadeError) {
                var changed = entries
                let value = try body(&changed)
                try ScheduleFile.write(changed, to: path, in: files)
                entries = changed
                return .success(value)
            } catch { return .failure(error) }
        }
        return try result.get()
    }
}

extension BackupSchedules.Entry {
    /// Backups begin at multiples of the interval, and the first at once.
    func nextMilliseconds() -> Int64 {
        let every = Int64(schedule.everySeconds) * 1_000
        let regular = lastMilliseconds == 0 ? 0 : (lastMilliseconds / every + 1) * every
        return max(regular, retryAt)
    }

    var status: BackupScheduleStatus {
        var status = BackupScheduleStatus(schedule: schedule, nextMilliseconds: nextMilliseconds())
        status.lastBackup = lastBackup
        status.archivedSequence = log.archived
        status.failure = failure ?? log.failure
        return status
    }
}

/// `schedules`: a line with magic, version and checksum, then JSON (docs/formats/backup.md).
enum ScheduleFile {
    private static let heading = "jade-schedules 1 "
    private static let maximumBytes = 4 << 20

    static func write(_ entries: [BackupSchedules.Entry], to path: String, in files: any FileSystem) throws(JadeError) {
        let body = WireJSON.encode(StoredSchedules(entries: entries))
        try files.replaceFile(path, with: Array("\(heading)\(CRC32C.checksum(body))\n".utf8) + body)
    }

    static func read(_ path: String, in files: any FileSystem) throws(JadeError) -> [BackupSchedules.Entry] {
        guard try files.fileExists(path) else { return [] }
        let bytes = try files.readFile(path, limit: maximumBytes)
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else {
            throw .corrupted(file: path, offset: 0, expected: "a first line", found: "\(bytes.count) bytes without one")
        }
        let (line, body) = (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
        guard line == "\(heading)\(CRC32C.checksum(body))" else {
            throw .corrupted(file: path, offset: 0, expected: "\(heading)\(CRC32C.checksum(body))", found: String(line.prefix(64)))
        }
        let stored: StoredSchedules = try WireJSON.decode(from: body)
        return stored.entries
    }
}

private struct StoredSchedules: WireDecodable, WireEncodable {
    var entries: [BackupSchedules.Entry]

    init(entries: [BackupSchedules.Entry]) { self.entries = entries }

    init(json: JSONElement) throws(JadeError) {
        entries = []
        guard let elements = json.elements else { throw .corrupted("the backup schedules are \(json.kindPhrase), expected an array") }
        for element in elements {
            guard let members = element.members else { throw .corrupted("a backup schedule is \(element.kindPhrase), expected an object") }
            var (schedule, id, last, backup): (BackupSchedule?, String?, Int64, String?) = (nil, nil, 0, nil)
            for (key, value) in members {
                switch key.string {
                case "schedule": schedule = try BackupSchedule(json: value)
                case "database_id": id = value.string
                case "last_ms": last = value.int64 ?? 0
                case "last_backup": backup = value.string
                default: break
                }
            }
            guard let schedule, let id else { throw .corrupted("a backup schedule without schedule or database_id") }
            entries.append(BackupSchedules.Entry(schedule: schedule, databaseID: id, lastMilliseconds: last, lastBackup: backup))
        }
    }

    func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.key("schedule")
            entry.schedule.write(to: &writer)
            writer.key("database_id")
            writer.string(entry.databaseID)
            writer.key("last_ms")
            writer.integer(Int(entry.lastMilliseconds))
            if let backup = entry.lastBackup {
                writer.key("last_backup")
                writer.string(backup)
            }
            writer.endObject()
        }
        writer.endArray()
    }
}
