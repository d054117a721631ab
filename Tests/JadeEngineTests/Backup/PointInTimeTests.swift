import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

@Suite("Restores to a point in time")
struct PointInTimeTests {
    private static func archived(_ backed: BackedUp, log: Int? = 1) async throws {
        _ = try await backed.engine.setBackupSchedule(
            BackupSchedule(name: "s", database: "docs", target: "local", everySeconds: 86_400, logSeconds: log))
    }

    /// Until everything so far is archived, and the schedule's first backup is there.
    private static func caughtUp(_ backed: BackedUp, to sequence: UInt64) async throws {
        _ = try await poll("the archive") {
            backed.clock.advance(byMilliseconds: 1_000)
            let status = try await backed.engine.backupSchedules()[0]
            if let failure = status.failure { throw failure }
            return status.lastBackup != nil && (status.archivedSequence ?? 0) >= sequence ? true : nil
        }
    }

    @Test("every moment and every sequence is the model's", arguments: [1, 2] as [UInt64])
    func everyMoment(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: Tier.seed * 100 + seed)
        let backed = try BackedUp { $0.checkpointTransactions = 3 }
        try await backed.create(kind: seed == 1 ? .hnsw : .flat)
        try await Self.archived(backed)
        try await Self.caughtUp(backed, to: 0)
        var model: [VectorID: VectorRecord] = [:]
        var states: [(sequence: UInt64, time: Int64, vectors: [VectorID: VectorRecord])] = []
        for step in 0..<40 {
            backed.clock.advance(byMilliseconds: UInt64.random(in: 1...5_000, using: &random))
            let result: WriteResult
            if random.happens(30), !model.isEmpty {
                let doomed = Array(model.keys.sorted { $0.text < $1.text }.prefix(3))
                result = try await backed.engine.delete(doomed, from: "docs")
                for id in doomed { model[id] = nil }
            } else {
                let records = (0..<Int.random(in: 1...9, using: &random)).map { _ in record(Int.random(in: 0..<80, using: &random), &random) }
                result = try await backed.engine.upsert(records, into: "docs")
                for record in records { model[record.id] = record }
            }
            states.append((result.sequence, backed.clock.wallMilliseconds, model))
            if step % 13 == 12 { try await Self.caughtUp(backed, to: result.sequence) }
            if step == 20 { try backed.reopen() }
            if step == 28 { try await backed.backUp() }
        }
        try await Self.caughtUp(backed, to: states.last?.sequence ?? 0)
        for state in states.shuffled(using: &random).prefix(8) {
            for point in [RestorePoint.sequence(state.sequence), .milliseconds(state.time)] {
                let task = try await backed.restore(RestoreRequest(source: "docs", database: "then", point: point))
                #expect(task.state == .succeeded, "\(point): \(String(describing: task.failure))")
                #expect(try await everything(backed.engine, in: "then") == state.vectors, "\(point)")
                try await backed.engine.deleteDatabase("then")
            }
        }
        let latest = try await backed.restore(RestoreRequest(source: "docs", database: "latest", point: .latest))
        #expect(latest.sequence == states.last?.sequence)
        #expect(try await everything(backed.engine, in: "latest") == model)
        backed.engine.shutdown()
        let report = try FolderVerification.verify(backed.data.path)
        #expect(report.isSound, "\(report.allFindings.all)")
    }

    @Test("the log waits for the archive through kills, and goes once it is there")
    func heldLog() async throws {
        var random = SeededRandom(seed: 9)
        let backed = try BackedUp { $0.checkpointTransactions = 1 }
        try await backed.create()
        try await Self.archived(backed)
        try await Self.caughtUp(backed, to: 0)
        // Nothing is archived while the clock stands still; every write is checkpointed.
        for number in 0..<20 { _ = try await backed.engine.upsert([record(number, &random)], into: "docs") }
        try backed.reopen()
        try await Self.caughtUp(backed, to: 20)
        let task = try await backed.restore(RestoreRequest(source: "docs", database: "then", point: .sequence(11)))
        #expect(task.state == .succeeded, "\(String(describing: task.failure))")
        #expect(try await everything(backed.engine, in: "then").count == 11)
        backed.engine.shutdown()
    }

    @Test("a gap in the log is said, never skipped")
    func gap() async throws {
        var random = SeededRandom(seed: 10)
        let backed = try BackedUp()
        try await backed.create()
        try await Self.archived(backed)
        try await Self.caughtUp(backed, to: 0)
        var sequence: UInt64 = 0
        for number in 0..<4 {
            sequence = try await backed.engine.upsert([record(number, &random)], into: "docs").sequence
            try await Self.caughtUp(backed, to: sequence)
        }
        let folder = "\(backed.store.path)/log"
        let files = LocalFileSystem()
        let database = try files.list(folder)[0]
        let pieces = try files.list("\(folder)/\(database)")
        #expect(pieces.count == 4)
        try files.remove("\(folder)/\(database)/\(pieces[1])")
        let engine = backed.engine
        let task = try await backed.restore(RestoreRequest(source: "docs", database: "then", point: .sequence(4)))
        #expect(task.failure?.code == .notFound, "\(task)")
        #expect(try await engine.listDatabases().count == 1)
        #expect(try await backed.restore(RestoreRequest(source: "docs", database: "then", point: .sequence(1))).state == .succeeded)
        engine.shutdown()
    }
}

@Suite("Schedules and retention")
struct ScheduleTests {
    private static let day: Int64 = 86_400_000

    @Test("what any rule keeps stays")
    func retention() {
        // Two a day, for 60 days from a Monday on.
        let backups = (0..<120).map { (id: "\($0)", milliseconds: 4 * Self.day + Int64($0) * Self.day / 2) }
        #expect(BackupRetention(last: 3).kept(backups) == ["119", "118", "117"])
        #expect(BackupRetention(last: 1, daily: 3).kept(backups) == ["119", "117", "115"])
        #expect(BackupRetention(last: 1, weekly: 3).kept(backups) == ["119", "111", "97"])
        #expect(BackupRetention(last: 1, daily: 2, weekly: 2).kept(backups.reversed()) == ["119", "117", "111"])
        #expect(BackupRetention(last: 5).kept([]).isEmpty)
        #expect(BackupRetention(last: 500).kept(backups).count == 120)
    }

    @Test("backups are made when they are due, the old ones go, and a restart goes on")
    func schedule() async throws {
        var random = SeededRandom(seed: 2)
        let backed = try BackedUp()
        try await backed.create(kind: .flat)
        let manual = try await backed.backUp()
        _ = try await backed.engine.setBackupSchedule(
            BackupSchedule(name: "hourly", database: "docs", target: "local", everySeconds: 3_600, retention: BackupRetention(last: 2)))
        var made: [String] = []
        for round in 0..<5 {
            // Not after the last one: a sixth would be due while the five are looked at.
            if round > 0 { backed.clock.advance(byMilliseconds: 3_600_000) }
            _ = try await backed.engine.upsert([record(round, &random)], into: "docs")
            if round == 3 { try backed.reopen() }
            let last = made.last
            let backup = try await poll("backup \(round)") {
                let status = try await backed.engine.backupSchedules()[0]
                if let failure = status.failure { throw failure }
                return status.lastBackup == last ? nil : status.lastBackup
            }
            made.append(backup)
            #expect(try await backed.engine.backupSchedules()[0].nextMilliseconds > backed.clock.wallMilliseconds)
        }
        #expect(Set(made).count == 5)
        let left = try await poll("retention") {
            let left = try await backed.engine.listBackups(in: nil, of: "docs")
            return left.count == 3 ? left : nil
        }
        #expect(left.map(\.id) == [manual.backup ?? ""] + made.suffix(2))
        #expect(left.map(\.schedule) == [nil, "hourly", "hourly"])
        try await backed.engine.deleteBackupSchedule("hourly")
        #expect(try await backed.engine.backupSchedules().isEmpty)
        backed.engine.shutdown()
    }

    @Test("a backup that was made just before the end is known after the start, and not made again")
    func known() async throws {
        var random = SeededRandom(seed: 3)
        let backed = try BackedUp()
        try await backed.create(kind: .flat)
        _ = try await backed.engine.upsert([record(1, &random)], into: "docs")
        _ = try await backed.engine.setBackupSchedule(
            BackupSchedule(name: "hourly", database: "docs", target: "local", everySeconds: 3_600))
        let made = try await poll("the backup") { try await backed.engine.backupSchedules()[0].lastBackup }
        try backed.reopen()
        let status = try await backed.engine.backupSchedules()[0]
        #expect(status.lastBackup == made)
        #expect(status.nextMilliseconds > backed.clock.wallMilliseconds)
        backed.engine.shutdown()
    }

    @Test("a schedule waits for a backup that somebody asked for, which is no failure")
    func waits() async throws {
        var random = SeededRandom(seed: 4)
        // The clock stands still: every step of a backup sleeps for a second.
        let backed = try BackedUp { $0.backupBytesPerSecond = 1 }
        try await backed.create(kind: .flat)
        _ = try await backed.engine.upsert((0..<20).map { record($0, &random) }, into: "docs")
        let manual = try await backed.engine.createBackup(BackupRequest(database: "docs"))
        _ = try await backed.engine.setBackupSchedule(
            BackupSchedule(name: "hourly", database: "docs", target: "local", everySeconds: 3_600))
        let made = try await poll("the backup") {
            let status = try await backed.engine.backupSchedules()[0]
            if let failure = status.failure { throw failure }
            return status.lastBackup
        }
        #expect(made != (try await settled(backed.engine, manual)).backup)
        backed.engine.shutdown()
    }
}
