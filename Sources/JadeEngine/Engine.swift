internal import Dispatch
internal import Foundation
internal import JadeAPI
public import JadeCore
package import JadeIO
internal import JadeIndex
internal import JadeKernels
package import JadeMetadata
package import JadeStorage
public import Logging
internal import Synchronization

/// A vector database on this machine, for embedding: databases in one folder, searched on its own threads.
///
/// ```swift
/// let engine = try Engine(EngineConfiguration(dataDirectory: "vectors"))
/// _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 384))
/// _ = try await engine.upsert([VectorRecord(id: 1, values: embedding)], into: "docs")
/// let response = try await engine.search(SearchRequest(query: .values(query)), in: "docs")
/// engine.shutdown()
/// ```
///
/// The folder belongs to one engine at a time. Call ``shutdown()`` at the end: without it nothing acknowledged is lost, but the next
/// start replays the log.
public final class Engine: Sendable {
    public static let version = "0.1.0"

    /// With 10, a building thread gets a tenth of a processor that others want too.
    private static let buildNiceness: Int32 = 10

    public let configuration: EngineConfiguration
    let files: any FileSystem
    let clock: any Clock
    let random: any RandomSource
    let kernels: Kernels
    let catalog: any DatabaseCatalog
    /// `system.db`, for those who keep accounts in it. Closed by ``shutdown()``.
    package let systemCatalog: SQLitePersistenceLayer
    let databases = DatabaseRegistry()
    /// What searches, writes, bodies and open databases hold of the memory.
    package let memory: MemoryBudget
    let workers: WorkerPool
    /// Extend indexes, with what searches and writes leave of the processors.
    let builders: WorkerPool
    let logger: Logger
    /// Where backups go, by the names that requests use.
    let repositories: [String: BackupRepository]
    let backupWork: BackupTasks
    let schedules: BackupSchedules
    /// Serializes changes of the catalog and the folders that belong to it.
    let catalogQueue = DispatchQueue(label: "jade.catalog")
    private let started: UInt64
    /// Keeps other engines out of the folder until ``shutdown()``.
    private let lock: Mutex<FileLock?>
    private let maintenance = MaintenanceTimer()
    /// Long work that goes on behind the requests that began it.
    let jobs = JobRegistry()
    private let stopped = Atomic(false)

    /// Opens the folder, creating it when absent, and every database in it.
    public convenience init(
        _ configuration: EngineConfiguration, logger: Logger = Logger(label: "jade.engine")
    ) throws(JadeError) {
        try self.init(
            configuration, files: LocalFileSystem(), clock: SystemClock(), random: SystemRandomSource(), logger: logger)
    }

    /// - Parameter objectStores: places for backups besides the configuration's directories.
    package convenience init(
        _ configuration: EngineConfiguration, logger: Logger, objectStores: [String: any ObjectStore]
    ) throws(JadeError) {
        try self.init(
            configuration, files: LocalFileSystem(), clock: SystemClock(), random: SystemRandomSource(), logger: logger,
            objectStores: objectStores)
    }

    package init(
        _ configuration: EngineConfiguration, files: any FileSystem, clock: any Clock, random: any RandomSource,
        logger: Logger = Logger(label: "jade.engine"), objectStores: [String: any ObjectStore] = [:]
    ) throws(JadeError) {
        try configuration.validate()
        var configuration = configuration
        let processors = ProcessInfo.processInfo.activeProcessorCount
        if configuration.searchThreads == 0 { configuration.searchThreads = processors }
        if configuration.buildThreads == 0 { configuration.buildThreads = processors }
        self.configuration = configuration
        self.files = files
        self.clock = clock
        self.random = random
        self.logger = logger
        kernels = try Kernels.selected()
        memory = MemoryBudget(
            limit: configuration.memoryLimitBytes > 0 ? configuration.memoryLimitBytes : MemoryBudget.automaticLimit())
        raiseDescriptorLimit()
        started = clock.monotonicNanoseconds
        try files.createDirectory(configuration.dataDirectory)
        lock = Mutex(try files.lock("\(configuration.dataDirectory)/lock"))
        systemCatalog = try SQLitePersistenceLayer(path: Self.catalogPath(configuration), files: files)
        catalog = systemCatalog
        var stores = objectStores
        for (name, path) in configuration.backupDirectories { stores[name] = DirectoryObjectStore(path, files: files, random: random) }
        repositories = stores.mapValues { BackupRepository($0) }
        backupWork = BackupTasks(clock: clock, random: random)
        schedules = try BackupSchedules("\(configuration.dataDirectory)/schedules", files)
        workers = WorkerPool(threads: configuration.searchThreads, name: "jade-search")
        builders = WorkerPool(threads: configuration.buildThreads, name: "jade-build", niceness: Self.buildNiceness)
        try openDatabases()
        maintenance.start { [weak self] in
            guard let self else { return }
            maintain()
            performScheduledBackups()
        }
    }

    /// Begins the time-driven work at once instead of within a second: syncs, checkpoints, and the sweep for what has expired.
    package func maintain() {
        for database in databases.all { database.shard.writer.tick() }
    }

    /// Does the work that time makes due, and returns when it is done: what the engine does by itself once a second.
    package func performDueWork() {
        for database in databases.all { database.shard.writer.performDueWorkNow() }
    }

    /// Groups of writes that a database has logged since it was opened, and their bytes.
    package func logActivity(of database: String) throws(JadeError) -> (groups: Int, bytes: Int) {
        let activity = try databases.find(database).shard.storage.logActivity
        return (activity.groups, activity.bytes)
    }

    /// The threads that search: a server whose requests run on them answers with fewer changes of thread.
    package var searchExecutor: any TaskExecutor { workers }

    /// Ends all use: waits for writes that are under way, syncs everything, and leaves the folder so that the next start is quick.
    public func shutdown() {
        guard !stopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        maintenance.stop()
        jobs.close()
        backupWork.stop()
        workers.stop()
        for database in databases.removeAll() { database.shard.close() }
        builders.stop()
        catalog.close()
        lock.withLock { $0 = nil }
    }

    var uptimeSeconds: Double { Double(clock.monotonicNanoseconds - started) / 1e9 }

    /// Runs blocking work of a search on the engine's threads.
    func onWorker<Value: Sendable>(
        _ body: @escaping @Sendable () throws(JadeError) -> Value
    ) async throws(JadeError) -> Value {
        guard !stopped.load(ordering: .acquiring) else { throw .unavailable("the engine is shutting down") }
        let result = await workers.run { () -> Result<Value, JadeError> in
            do throws(JadeError) { return .success(try body()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    var catalogPath: String { Self.catalogPath(configuration) }
    private static func catalogPath(_ configuration: EngineConfiguration) -> String { "\(configuration.dataDirectory)/system.db" }
    func directory(of id: String) -> String { "\(databasesDirectory)/\(id)" }
    var databasesDirectory: String { "\(configuration.dataDirectory)/databases" }

    func shardContext(_ specification: DatabaseSpecification) -> Shard.Context {
        Shard.Context(
            name: specification.name, field: specification.field, settings: specification.index,
            configuration: configuration, kernels: kernels,
            builders: BuildWorkers { [builders] in builders.runOnAll($0) }, files: files, clock: clock, random: random,
            memory: memory, logger: logger)
    }
}
