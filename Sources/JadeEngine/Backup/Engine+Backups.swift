public import JadeAPI
public import JadeCore
internal import JadeIO
internal import JadeStorage
internal import Logging

extension Engine: BackupService {
    public func backupTargets() async throws(JadeError) -> [BackupTarget] {
        repositories.sorted { $0.key < $1.key }.map { BackupTarget(name: $0.key, place: $0.value.store.place) }
    }

    public func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask {
        let target = try target(request.target)
        let database = try databases.find(request.database)
        return try startBackup(of: database, in: target, full: request.full, schedule: "", done: { (_) in })
    }

    public func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription] {
        let target = try self.target(target)
        let repository = try repository(target)
        let found = try await backupWork.run { () async throws(JadeError) in try await repository.heads() }
        for finding in found.unreadable { logger.error("a backup cannot be read", metadata: ["finding": "\(finding)"]) }
        let own = database.flatMap { try? databases.find($0).id }
        let all = found.heads.map { BackupDescription($0, target: target) }
        guard let database else { return all }
        return all.filter { $0.databaseID == database || $0.databaseID == own || $0.database == database }
    }

    public func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        let target = try self.target(target)
        return BackupDescription(try await manifest(backup, in: target).head, target: target)
    }

    public func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask {
        let target = try self.target(target)
        let repository = try repository(target)
        let manifest = try await manifest(backup, in: target)
        let name = BackupDescription(manifest.head, target: target).database
        let pace = pace
        return try backupWork.start(.verify, target: target, database: name) { [backupWork] (task) async throws(JadeError) in
            try await BackupVerification(repository: repository, manifest: manifest, pace: pace) { backupWork.update(task, $0) }.run()
        }
    }

    public func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask {
        try request.validate()
        let target = try target(request.target)
        let repository = try repository(target)
        let manifest = try await chooseBackup(request, target)
        let name = request.database ?? BackupDescription(manifest.head, target: target).database
        try DatabaseSpecification.validate(name: name)
        if databases.contains(name) { throw .conflict("database \"\(name)\" exists already: name another one for the restore, or delete it") }
        return try backupWork.start(.restore, target: target, database: name, claim: "restore \(name)") {
            [self] (task) async throws(JadeError) in
            backupWork.update(task) { $0.backup = manifest.head.id }
            try await RestoreRun(
                engine: self, repository: repository, manifest: manifest, name: name, point: request.point, ownerID: request.ownerID
            ) { self.backupWork.update(task, $0) }.run()
        }
    }

    public func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion {
        let target = try self.target(target)
        let repository = try repository(target)
        let head = try await manifest(backup, in: target).head
        let removed = try await backupWork.run { () async throws(JadeError) in try await repository.delete(head.id, of: head.databaseID) }
        return BackupDeletion(backup: backup, removedExtents: removed.count, removedBytes: removed.bytes)
    }

    public func backupTasks() async throws(JadeError) -> [BackupTask] { backupWork.all }
    public func backupTask(_ id: String) async throws(JadeError) -> BackupTask { try backupWork.find(id) }
    public func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask { try backupWork.cancel(id) }
}

extension Engine {
    /// The target of that name, or the only one.
    func target(_ name: String?) throws(JadeError) -> String {
        if let name {
            guard repositories[name] != nil else {
                throw .notFound("there is no backup target \(name.debugDescription), expected one of \(repositories.keys.sorted().joined(separator: ", "))")
            }
            return name
        }
        guard let only = repositories.keys.first else { throw .notFound("no backup target is configured: set backup.targets") }
        guard repositories.count == 1 else {
            throw .invalidArgument("name the backup target, one of \(repositories.keys.sorted().joined(separator: ", "))")
        }
        return only
    }

    func repository(_ target: String) throws(JadeError) -> BackupRepository {
        guard let repository = repositories[target] else { throw .notFound("there is no backup target \(target.debugDescription)") }
        return repository
    }

    var pace: Pace { Pace(bytesPerSecond: configuration.backupBytesPerSecond) }

    private func manifest(_ backup: String, in target: String) async throws(JadeError) -> BackupManifest {
        let repository = try repository(target)
        return try await backupWork.run { () async throws(JadeError) in try await repository.manifest(backup) }
    }

    /// Starts a backup; `done` is told what became of it while the task is still under way, `ended` when another may begin.
    func startBackup(
        of database: Database, in target: String, full: Bool, schedule: String,
        done: @escaping @Sendable (Result<BackupManifest.Head, JadeError>) async -> Void, ended: @escaping @Sendable () -> Void = {}
    ) throws(JadeError) -> BackupTask {
        let repository = try repository(target)
        return try backupWork.start(
            .create, target: target, database: database.current.name, claim: "create \(database.id)",
            body: { [self] (task) async throws(JadeError) in
                let run = BackupRun(
                    database: database, repository: repository, pace: pace, clock: clock, random: random, schedule: schedule,
                    full: full
                ) { self.backupWork.update(task, $0) }
                let outcome: Result<BackupManifest.Head, JadeError>
                do throws(JadeError) { outcome = .success(try await run.run()) } catch { outcome = .failure(error) }
                await done(outcome)
                _ = try outcome.get()
            }, ended: ended)
    }

    /// The backup that a restore starts from.
    private func chooseBackup(_ request: RestoreRequest, _ target: String) async throws(JadeError) -> BackupManifest {
        if let backup = request.backup { return try await manifest(backup, in: target) }
        let source = request.source ?? ""
        let candidates = try await listBackups(in: target, of: source)
        guard !candidates.isEmpty else { throw .notFound("there is no backup of database \(source.debugDescription) in \(target)") }
        // A name may have been given to several databases over time: the newest backup says which one is meant.
        let ofOne = candidates.filter { $0.databaseID == candidates.last?.databaseID }
        let fitting = ofOne.last { backup in
            switch request.point {
            case .backup, .latest: true
            case .sequence(let last): backup.sequence <= last
            case .milliseconds(let time): backup.milliseconds <= time
            }
        }
        guard let fitting else { throw .notFound("every backup of database \(source.debugDescription) in \(target) is of a later moment") }
        return try await manifest(fitting.id, in: target)
    }
}

extension BackupDescription {
    init(_ head: BackupManifest.Head, target: String) {
        let specification: DatabaseSpecification? = try? WireJSON.decode(from: head.specification)
        self.init(id: head.id, target: target, databaseID: head.databaseID, database: specification?.name ?? head.databaseID)
        parent = head.parent.isEmpty ? nil : head.parent
        schedule = head.schedule.isEmpty ? nil : head.schedule
        milliseconds = head.milliseconds
        finishedMilliseconds = head.finishedMilliseconds
        sequence = head.sequence
        vectorCount = head.vectorCount
        byteCount = head.byteCount
        storedBytes = head.storedBytes
        extentCount = head.extentCount
        storedExtents = head.storedExtents
    }
}
