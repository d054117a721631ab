internal import Dispatch
public import JadeAPI
public import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeMetadata
internal import JadeStorage
internal import Logging

extension Engine: DatabaseService {
    public func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription {
        try specification.validate()
        return try await onCatalog { (engine) throws(JadeError) in try engine.create(specification) }
    }

    public func listDatabases() async throws(JadeError) -> [DatabaseDescription] {
        (databases.all.map(\.description) + databases.unavailable.map(\.description)).sorted { $0.name < $1.name }
    }

    public func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription {
        if let unavailable = databases.findUnavailable(database) { return unavailable.description }
        let found = try databases.find(database)
        // Measuring looks at every file of the folder, which may wait for the disk.
        return try await onWorker { found.describe(measuringDisk: true) }
    }

    public func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription {
        try await onCatalog { (engine) throws(JadeError) in try engine.change(database, update) }
    }

    public func deleteDatabase(_ database: String) async throws(JadeError) {
        try await onCatalog { (engine) throws(JadeError) in try engine.drop(database) }
    }

    public func status() async throws(JadeError) -> NodeStatus {
        let all = databases.all
        return NodeStatus(
            version: Self.version, uptimeSeconds: uptimeSeconds, databaseCount: databases.count,
            vectorCount: all.reduce(0) { $0 + $1.shard.snapshots.current.liveCount }, simdLevel: kernels.level.rawValue,
            searchThreads: workers.threadCount, memory: memoryStatus)
    }

    private var memoryStatus: MemoryStatus {
        MemoryStatus(
            limitBytes: memory.limit, databaseBytes: memory.bytes(of: .databases), writeBytes: memory.bytes(of: .writes),
            searchBytes: memory.bytes(of: .searches), bodyBytes: memory.bytes(of: .bodies))
    }

    private func onCatalog<Value: Sendable>(
        _ body: @escaping @Sendable (Engine) throws(JadeError) -> Value
    ) async throws(JadeError) -> Value {
        let result = await withCheckedContinuation { continuation in
            catalogQueue.async {
                do throws(JadeError) {
                    continuation.resume(returning: Result<Value, JadeError>.success(try body(self)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

extension Engine {
    /// Opens what the catalog names; folders it does not name are leftovers of an interrupted creation or deletion. A
    /// database that cannot be opened, or a leftover that cannot be removed, keeps nobody from using the others.
    func openDatabases() throws(JadeError) {
        try files.createDirectory(databasesDirectory)
        // A folder whose name is not durable takes all that is durable inside of it along.
        try files.syncDirectory(configuration.dataDirectory)
        // The folder above may be somebody else's, and not ours to open.
        try? files.syncDirectory(parentDirectory(of: configuration.dataDirectory))
        let entries = try catalog.list()
        let known = Set(entries.map(\.id))
        for name in try files.list(databasesDirectory) where !known.contains(name) {
            logger.notice("removing the leftover of a database that does not exist", metadata: ["id": "\(name)"])
            removeFolder(of: name)
        }
        for entry in entries { open(entry) }
    }

    private func open(_ entry: CatalogEntry) {
        do throws(JadeError) {
            let shard = try Shard(
                directory: directory(of: entry.id), create: false, context: shardContext(entry.specification))
            // Nothing of the log may go before the archive has said what it lacks.
            if schedules.archivesLog(of: entry.id) { shard.storage.holdLog(after: 0) }
            databases.add(
                Database(
                    id: entry.id, createdAtMilliseconds: entry.createdAtMilliseconds, specification: entry.specification,
                    shard: shard))
            renewNote(entry)
        } catch {
            logger.error("a database cannot be opened", metadata: [
                "database": "\(entry.specification.name)", "id": "\(entry.id)", "error": "\(error)",
            ])
            databases.add(
                UnavailableDatabase(
                    id: entry.id, createdAtMilliseconds: entry.createdAtMilliseconds, specification: entry.specification,
                    reason: error))
        }
    }

    /// What stays is tried again at the next start.
    func removeFolder(of id: String) {
        do throws(JadeError) {
            if try files.isDirectory(directory(of: id)) { try files.removeTree(directory(of: id)) }
        } catch {
            logger.warning("the files of a database that is gone cannot be removed", metadata: ["id": "\(id)", "error": "\(error)"])
        }
    }

    /// The folder first, then the catalog entry: what the catalog names is whole.
    fileprivate func create(_ specification: DatabaseSpecification) throws(JadeError) -> DatabaseDescription {
        guard databases.count < Limits.maximumDatabases else {
            throw .tooLarge("there are \(databases.count) databases, the limit is \(Limits.maximumDatabases)")
        }
        if databases.contains(specification.name) {
            throw .conflict("database \"\(specification.name)\" exists already")
        }
        let id = random.uniqueID().hexadecimal
        let now = clock.wallMilliseconds
        let shard = try newShard(id, specification)
        do throws(JadeError) {
            try note(id, specification, now)
            try catalog.insert(id: id, specification: specification, createdAtMilliseconds: now)
        } catch {
            shard.abandon()
            removeFolder(of: id)
            throw error
        }
        let database = Database(id: id, createdAtMilliseconds: now, specification: specification, shard: shard)
        databases.add(database)
        return database.description
    }

    private func note(_ id: String, _ specification: DatabaseSpecification, _ created: Int64) throws(JadeError) {
        try DatabaseNote.write(
            CatalogEntry(id: id, specification: specification, createdAtMilliseconds: created), in: directory(of: id), files)
    }

    /// Brings a note up to what the catalog says, if it says something else.
    private func renewNote(_ entry: CatalogEntry) {
        let found = try? DatabaseNote.read(in: directory(of: entry.id), files)
        guard found?.specification != entry.specification || found?.id != entry.id else { return }
        do throws(JadeError) { try note(entry.id, entry.specification, entry.createdAtMilliseconds) } catch {
            logger.warning("a copy of the catalog's entry cannot be written", metadata: ["id": "\(entry.id)", "error": "\(error)"])
        }
    }

    private func newShard(_ id: String, _ specification: DatabaseSpecification) throws(JadeError) -> Shard {
        do throws(JadeError) {
            return try Shard(directory: directory(of: id), create: true, context: shardContext(specification))
        } catch {
            removeFolder(of: id)
            throw error
        }
    }

    fileprivate func change(_ name: String, _ update: DatabaseUpdate) throws(JadeError) -> DatabaseDescription {
        let database = try databases.find(name)
        let old = database.current
        var new = old
        try update.requireFitting(old.index.kind)
        update.apply(to: &new)
        try new.validate()
        guard new != old else { return database.description }
        try catalog.update(id: database.id, to: new)
        database.change(to: new)
        // The catalog is what counts; a note that could not be written is written at the next start.
        try? note(database.id, new, database.createdAtMilliseconds)
        if new.name != old.name { databases.rename(database, from: old.name, to: new.name) }
        return database.description
    }

    /// The catalog entry first, then the folder: once the entry is gone the database is, whatever becomes of its files.
    fileprivate func drop(_ name: String) throws(JadeError) {
        if let unavailable = databases.findUnavailable(name) {
            try catalog.delete(id: unavailable.id)
            databases.remove(id: unavailable.id, name: unavailable.specification.name)
            return removeFolder(of: unavailable.id)
        }
        let database = try databases.find(name)
        try catalog.delete(id: database.id)
        databases.remove(id: database.id, name: database.current.name)
        database.shard.abandon()
        removeFolder(of: database.id)
    }
}
