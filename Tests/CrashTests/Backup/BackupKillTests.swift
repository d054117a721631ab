import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

@Suite("Kill -9 during backups and restores", .serialized)
struct BackupKillTests {
    static let rounds = Tier.isLong ? 60 : 6

    /// A backup is there or not, a restored database is whole or not there, the archived log has no hole, and the database itself
    /// has every acknowledged batch and no half one: kill upon kill in one folder.
    @Test("all or nothing", arguments: Tier.givenSeed.map { [$0] } ?? [Tier.seed])
    func allOrNothing(_ seed: UInt64) async throws {
        let run = try BackupCrashRun(seed: seed)
        // On a busy machine every restore of the first rounds may be killed.
        for round in 1...Self.rounds * 10 {
            do { try await run.round(isFirst: round == 1) } catch { throw Wrong("seed \(seed), round \(round): \(error)\n\(await run.log)") }
            let figures = await run.figures
            if round >= Self.rounds, figures.backups > 0, figures.restores > 0 { break }
        }
        do { try await run.last() } catch { throw Wrong("seed \(seed), after the last round: \(error)\n\(await run.log)") }
        let figures = await run.figures
        #expect(figures.backups > 0 && figures.restores > 0)
        if Tier.isLong { print("seed \(seed): \(figures)") }
    }
}

private actor BackupCrashRun {
    static let dimension = 16
    static let batchSize = 10
    var random: SeededRandom
    let folder: TemporaryFolder
    var log = ""
    /// Batches that were acknowledged.
    var batches = 0
    /// Vectors of the backups that were reported to be there.
    var backups: [String: Int] = [:]
    var figures = Figures()

    struct Figures {
        var rounds = 0
        var backups = 0
        var restores = 0
        var batches = 0
    }

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        folder = try TemporaryFolder()
    }

    private func start() throws -> RunningServer {
        let checkpoints = [2, 20, 1_000][Int.random(in: 0..<3, using: &random)]
        let rate = [2 << 20, 20 << 20, 0][Int.random(in: 0..<3, using: &random)]
        return try RunningServer(
            launchedIn: folder,
            settings: [
                "--log-level", "warning", "--sqlite-wal-checkpoint-interval", "\(checkpoints)", "--backup-bytes-per-second", "\(rate)",
                "--backup-targets", "local=\(folder.path("backups"))",
            ])
    }

    private func client(_ server: RunningServer) throws -> JadeClient {
        var options = JadeClient.Options()
        options.retries = 0
        return try JadeClient(url: server.url, options: options)
    }

    func round(isFirst: Bool) async throws {
        let server = try start()
        defer { log = server.logged }
        try await server.waitUntilReady()
        let client = try client(server)
        do {
            if isFirst { try await prepare(client) } else { try await check(client) }
            try await load(client, server)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
        figures.rounds += 1
    }

    private func prepare(_ client: JadeClient) async throws {
        _ = try await client.createDatabase(
            DatabaseSpecification(name: "docs", dimension: Self.dimension, metric: .euclidean, index: IndexSettings(m: 8, efConstruction: 40)))
        _ = try await client.setBackupSchedule(
            BackupSchedule(name: "all", database: "docs", target: "local", everySeconds: 86_400, logSeconds: 1))
    }

    /// Writes, backups and restores at once, until the server is killed.
    private func load(_ client: JadeClient, _ server: RunningServer) async throws {
        let ending = Ending()
        let first = batches
        let (writes, copies) = (random.fork(), random.fork())
        let pause = Int.random(in: 100...1_200, using: &random)
        let number = figures.rounds
        let writing = Task { try await Self.write(client, from: first, writes, ending) }
        let copying = Task { try await Self.copy(client, round: number, copies, ending) }
        try await Task.sleep(for: .milliseconds(pause))
        ending.begin()
        try await server.kill()
        batches = try await writing.value
        let made = try await copying.value
        backups.merge(made.backups) { $1 }
        figures.backups += made.backups.count
        figures.restores += made.restores
        figures.batches = batches
    }

    private static func write(_ client: JadeClient, from first: Int, _ random: SeededRandom, _ ending: Ending) async throws -> Int {
        var random = random
        var next = first
        while true {
            // The last round's unanswered batch may be there: the same ids again make it whole either way.
            let batch = next
            let records = (0..<batchSize).map {
                VectorRecord(id: VectorID(UInt64(batch * batchSize + $0)), values: random.vector(dimension), metadata: ["batch": .integer(Int64(batch))])
            }
            do { _ = try await client.upsert(records, into: "docs") } catch {
                guard ending.hasBegun else { throw error }
                return next
            }
            next += 1
        }
    }

    /// What one round's copies have come to.
    private struct Made: Sendable {
        var backups: [String: Int] = [:]
        var restores = 0
    }

    private static func copy(
        _ client: JadeClient, round: Int, _ random: SeededRandom, _ ending: Ending
    ) async throws -> Made {
        var random = random
        var made = Made()
        var number = 0
        do {
            while true {
                number += 1
                var task = try await client.createBackup(BackupRequest(database: "docs", full: random.happens(20)))
                task = try await ended(client, task)
                guard let id = task.backup else { throw Wrong("a backup without an id") }
                made.backups[id] = try await client.describeBackup(id, in: "local").vectorCount
                if random.happens(30), let other = made.backups.keys.sorted().first, made.backups.count > 1 {
                    made.backups[other] = nil
                    _ = try await client.deleteBackup(other, in: "local")
                }
                guard random.happens(60) else { continue }
                _ = try await ended(client, try await client.restoreBackup(RestoreRequest(backup: id, database: "copy-\(round)-\(number)")))
                made.restores += 1
            }
        } catch {
            let isBusy = (error as? JadeError)?.code == .conflict
            guard ending.hasBegun || isBusy else { throw error }
            return made
        }
    }

    private static func ended(_ client: JadeClient, _ task: BackupTask) async throws -> BackupTask {
        while true {
            let now = try await client.backupTask(task.id)
            if now.state == .succeeded { return now }
            if now.state != .running { throw now.failure ?? JadeError.internal("\(now)") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    private func check(_ client: JadeClient) async throws {
        let count = try await client.count(matching: nil, in: "docs")
        guard count >= batches * Self.batchSize, count <= (batches + 1) * Self.batchSize, count % Self.batchSize == 0 else {
            throw Wrong("\(count) vectors, \(batches) batches of \(Self.batchSize) were acknowledged")
        }
        let listed = try await client.listBackups(in: "local", of: nil)
        for id in backups.keys where !listed.contains(where: { $0.id == id }) { throw Wrong("backup \(id) is gone") }
        for backup in listed {
            guard backup.vectorCount % Self.batchSize == 0 else { throw Wrong("half a batch in \(backup)") }
            _ = try await Self.ended(client, try await client.verifyBackup(backup.id, in: "local"))
        }
        for database in try await client.listDatabases() where database.name != "docs" {
            guard database.problem == nil, try await client.count(matching: nil, in: database.name) == database.vectorCount,
                listed.contains(where: { $0.vectorCount == database.vectorCount }) || database.vectorCount % Self.batchSize == 0
            else { throw Wrong("half a restore: \(database)") }
            try await client.deleteDatabase(database.name)
        }
        // Few enough to be looked at each time.
        for backup in listed.dropLast(4) {
            backups[backup.id] = nil
            _ = try await client.deleteBackup(backup.id, in: "local")
        }
    }

    /// What is archived is the database; then the folder is sound.
    func last() async throws {
        let server = try start()
        defer { log = server.logged }
        try await server.waitUntilReady()
        let client = try client(server)
        try await check(client)
        let count = try await client.count(matching: nil, in: "docs")
        let mark = try await client.upsert([VectorRecord(id: VectorID(uncheckedText: "mark", isInteger: false), values: [Float](repeating: 1, count: Self.dimension))], into: "docs")
        _ = try await poll("the archive") {
            let status = try await client.backupSchedules()[0]
            if let failure = status.failure { throw failure }
            return (status.archivedSequence ?? 0) >= mark.sequence ? true : nil
        }
        _ = try await Self.ended(client, try await client.restoreBackup(RestoreRequest(source: "docs", database: "then", point: .sequence(mark.sequence - 1))))
        _ = try await Self.ended(client, try await client.restoreBackup(RestoreRequest(source: "docs", database: "now", point: .latest)))
        guard try await client.count(matching: nil, in: "then") == count, try await client.count(matching: nil, in: "now") == count + 1 else {
            throw Wrong("the archived log is not the database of \(count) vectors")
        }
        try await client.shutdown()
        guard try await server.stop() == 0 else { throw Wrong("the server did not stop well") }
        let report = try FolderVerification.verify(folder.path("data"))
        guard report.isSound else { throw Wrong("\(report.allFindings.all)") }
    }
}
