import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeTestSupport

/// A data folder on its way through crashes, with what has to be in it.
actor CrashRun {
    let seed: UInt64
    private var random: SeededRandom
    private let folder: TemporaryFolder
    private var shares: [Share]
    private var churn = Churn()
    private let specifications: [DatabaseSpecification]
    private var log = ""
    private(set) var figures = Figures()

    struct Figures {
        var rounds = 0
        var kills = 0
        var killsWhileStarting = 0
        var acknowledged = 0
        var searches = 0
        var graphSearches = 0
        var missedByGraph = 0
        var verified = 0
        /// Verifications that ran to their end while the server was written to.
        var verifications = 0
        /// Backups that were made while the server was written to.
        var backups = 0
    }
    /// A backup that was reported to be there, of each database.
    private var lastBackups: [String: String] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        folder = try TemporaryFolder()
        specifications = [
            DatabaseSpecification(
                name: "graph", dimension: Share.dimension, metric: random.happens(50) ? .cosine : .euclidean,
                index: IndexSettings(kind: .hnsw, m: 12, efConstruction: 80)),
            DatabaseSpecification(
                name: "flat", dimension: Share.dimension, metric: random.happens(50) ? .cosine : .euclidean,
                index: IndexSettings(kind: .flat)),
        ]
        shares = [
            Share(database: "graph", number: 0), Share(database: "graph", number: 1), Share(database: "graph", number: 2),
            Share(database: "flat", number: 3), Share(database: "flat", number: 4),
        ]
    }

    func run(rounds: Int) async throws {
        for round in 1...rounds {
            do {
                if round > 1 { try await killWhileStarting() }
                try await self.round(isFirst: round == 1)
            } catch {
                throw Wrong("seed \(seed), round \(round): \(error)\n\(log)")
            }
            figures.rounds += 1
        }
        do { try await self.last() } catch { throw Wrong("seed \(seed), after the last round: \(error)\n\(log)") }
    }

    /// Nobody is there to be told anything, yet recovery must be as good as ever the next time.
    private func killWhileStarting() async throws {
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let server = try RunningServer(launchedIn: folder, settings: settings())
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...120, using: &random)))
            try await server.kill()
            figures.killsWhileStarting += 1
        }
    }

    private func settings() -> [String] {
        let checkpoints = [2, 5, 20, 1_000][Int.random(in: 0..<4, using: &random)]
        return [
            "--log-level", "warning", "--vector-sync-on-write", "\(random.happens(50))",
            "--sqlite-wal-checkpoint-interval", "\(checkpoints)",
            "--checkpoint-bytes", random.happens(30) ? "1048576" : "268435456",
            "--backup-bytes-per-second", "0", "--backup-targets", "local=\(folder.path("backups"))",
        ]
    }

    private func round(isFirst: Bool) async throws {
        let server = try RunningServer(launchedIn: folder, settings: settings())
        defer { log = server.logged }
        try await server.waitUntilReady()
        var options = JadeClient.Options()
        options.retries = 0
        let client = try JadeClient(url: server.url, options: options)
        do {
            if isFirst {
                for specification in specifications { _ = try await client.createDatabase(specification) }
            } else {
                try await verify(client, graph: random.happens(50))
            }
            try await load(client, server)
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private func last() async throws {
        let server = try RunningServer(launchedIn: folder, settings: settings())
        defer { log = server.logged }
        try await server.waitUntilReady()
        let client = try JadeClient(url: server.url)
        let result: Result<Void, any Error>
        do {
            try await verify(client, graph: true)
            result = .success(try await verifyBackups(client))
        } catch { result = .failure(error) }
        try await client.shutdown()
        try result.get()
        let status = try await server.stop()
        guard status == 0 else { throw Wrong("the server ended with status \(status)") }
        let report = try FolderVerification.verify(folder.path("data"))
        guard report.isSound else { throw Wrong("after the end: \(report.allFindings.all.map(\.description))") }
    }

    /// Several tasks work until the server is gone.
    private func load(_ client: JadeClient, _ server: RunningServer) async throws {
        let ending = Ending()
        let milliseconds = random.happens(30) ? Int.random(in: 2...100, using: &random) : Int.random(in: 100...1500, using: &random)
        let wayToGo = Int.random(in: 0..<100, using: &random)
        let working = Task { [shares, churn, random] in await Self.load(client, shares, churn, ending, random) }
        let verifying = Task { await Self.verifyFiles(client, ending) }
        let copying = Task { [names = specifications.map(\.name)] in await Self.backUp(client, names, ending) }
        try await Task.sleep(for: .milliseconds(milliseconds))
        ending.begin()
        try await end(server, wayToGo)
        (shares, churn) = await working.value
        let verified = await verifying.value
        figures.verifications += verified.count
        let copied = await copying.value
        figures.backups += copied.count
        lastBackups.merge(copied.last) { $1 }
        if let failure = copied.failure { throw Wrong(failure) }
        if let failure = verified.failure { throw Wrong(failure) }
        if let failure = shares.compactMap(\.failure).first ?? churn.failure { throw Wrong(failure) }
        figures.acknowledged = shares.reduce(churn.acknowledged) { $0 + $1.acknowledged }
        figures.searches = shares.reduce(0) { $0 + $1.searches }
    }

    private static func load(
        _ client: JadeClient, _ shares: [Share], _ churn: Churn, _ ending: Ending, _ random: SeededRandom
    ) async -> ([Share], Churn) {
        var random = random
        let seeds = shares.map { _ in random.fork() }
        let churning = Task { [random] in
            var churn = churn
            await churn.load(client, ending, random)
            return churn
        }
        let loading = zip(shares, seeds).map { share, seed in
            Task {
                var share = share
                await share.load(client, ending, seed)
                return share
            }
        }
        var loaded: [Share] = []
        for task in loading { loaded.append(await task.value) }
        return (loaded, await churning.value)
    }

    /// One verification of the files after the other, while everything changes: none may find anything.
    private static func verifyFiles(_ client: JadeClient, _ ending: Ending) async -> (count: Int, failure: String?) {
        var count = 0
        while !ending.hasBegun {
            do {
                var job = try await client.startVerification(VerificationRequest())
                while job.state == .running {
                    try await Task.sleep(for: .milliseconds(10))
                    job = try await client.job(job.id)
                }
                guard job.state == .cancelled || job.problem == nil, job.findings.isEmpty else {
                    return (count, "verification: \(job.problem ?? "") \(job.findings.map(\.description))")
                }
                count += 1
            } catch {
                return (count, ending.hasBegun ? nil : "verification: \(error)")
            }
        }
        return (count, nil)
    }

    /// One backup after the other, in turns.
    private static func backUp(
        _ client: JadeClient, _ databases: [String], _ ending: Ending
    ) async -> (count: Int, last: [String: String], failure: String?) {
        var (count, last): (Int, [String: String]) = (0, [:])
        while !ending.hasBegun {
            let name = databases[count % databases.count]
            do {
                var task = try await client.createBackup(BackupRequest(database: name))
                while task.state == .running {
                    try await Task.sleep(for: .milliseconds(10))
                    task = try await client.backupTask(task.id)
                }
                // One that a stop has ended counts for nothing.
                if ending.hasBegun { break }
                guard let backup = task.backup, task.state == .succeeded else {
                    return (count, last, "a backup of \(name): \(String(describing: task.failure))")
                }
                last[name] = backup
                count += 1
            } catch {
                return (count, last, ending.hasBegun ? nil : "a backup of \(name): \(error)")
            }
        }
        return (count, last, nil)
    }

    /// The last backup of each database is there, and every byte of it.
    private func verifyBackups(_ client: JadeClient) async throws {
        for backup in lastBackups.values.sorted() {
            var task = try await client.verifyBackup(backup, in: "local")
            while task.state == .running {
                try await Task.sleep(for: .milliseconds(10))
                task = try await client.backupTask(task.id)
            }
            guard task.state == .succeeded else { throw Wrong("backup \(backup): \(String(describing: task.failure))") }
        }
    }

    /// Mostly killed; sometimes stopped, so that later crashes meet a saved index, and sometimes killed while it stops.
    private func end(_ server: RunningServer, _ way: Int) async throws {
        if way < 12 {
            let status = try await server.stop()
            guard status == 0 else { throw Wrong("the server ended with status \(status) when it was told to stop") }
            return
        }
        if way < 25 {
            server.askToStop()
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...60, using: &random)))
        }
        try await server.kill()
        figures.kills += 1
    }

    private func verify(_ client: JadeClient, graph: Bool) async throws {
        let described = try await client.listDatabases()
        var counts = Dictionary(uniqueKeysWithValues: described.map { ($0.name, $0.vectorCount) })
        for name in specifications.map(\.name) {
            let found = try await everything(client, in: name)
            let count = try await client.count(matching: nil, in: name)
            guard counts.removeValue(forKey: name) == found.count, count == found.count else {
                throw Wrong("\(name) counts \(count) vectors and holds \(found.count)")
            }
            try settle(name, found)
        }
        try churn.settle(counts)
        for name in counts.keys {
            let found = try await everything(client, in: name).count
            guard found == counts[name] else { throw Wrong("\(name) counts \(counts[name] ?? 0) vectors and holds \(found)") }
        }
        try await verifyAnswers(client, graph: graph)
    }

    private func settle(_ name: String, _ found: [VectorID: VectorRecord]) throws {
        var rest = found
        for index in shares.indices where shares[index].database == name {
            let own = shares[index].ids.compactMap { rest.removeValue(forKey: $0) }
            try shares[index].settle(Dictionary(uniqueKeysWithValues: own.map { ($0.id, $0) }))
        }
        guard rest.isEmpty else { throw Wrong("\(name) holds \(rest.keys), which nobody has written") }
        figures.verified += found.count
    }

    private func verifyAnswers(_ client: JadeClient, graph: Bool) async throws {
        if graph {
            _ = try await poll("the index to be complete") { () async throws -> Bool? in
                try await client.describeDatabase("graph").index.pending == 0 ? true : nil
            }
        }
        for share in shares {
            try await share.verifyReads(client)
            try await share.verifyFilters(client)
            _ = try await share.verifySearches(client, exact: true)
            let (graph, missed) = try await share.verifySearches(client, exact: false)
            figures.graphSearches += graph
            figures.missedByGraph += missed
        }
    }
}
