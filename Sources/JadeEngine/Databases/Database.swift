internal import JadeCore
internal import Synchronization

/// A database that is open: its catalog entry and its shards.
final class Database: Sendable {
    let id: String
    let createdAtMilliseconds: Int64
    let shard: Shard
    private let specification: Mutex<DatabaseSpecification>

    init(id: String, createdAtMilliseconds: Int64, specification: DatabaseSpecification, shard: Shard) {
        self.id = id
        self.createdAtMilliseconds = createdAtMilliseconds
        self.shard = shard
        self.specification = Mutex(specification)
    }

    var current: DatabaseSpecification { specification.withLock { $0 } }

    func change(to new: DatabaseSpecification) { specification.withLock { $0 = new } }

    var description: DatabaseDescription { describe(measuringDisk: false) }

    func describe(measuringDisk: Bool) -> DatabaseDescription {
        let storage = shard.storageStatus(measuringDisk: measuringDisk)
        let problem = storage.state == .readOnly ? shard.writeProblem : nil
        let specification = current
        var status = shard.status
        status.settings = specification.index
        return DatabaseDescription(
            id: id, specification: specification, createdAtMilliseconds: createdAtMilliseconds,
            vectorCount: shard.snapshots.current.liveCount, index: status, problem: problem, storage: storage)
    }

    /// Checks a vector against the database's shape, and its metadata against the limits.
    func validate(_ values: [Float], named name: String) throws(JadeError) {
        let dimension = shard.context.field.dimension
        guard values.count == dimension else {
            throw .invalidArgument("\(name) has \(values.count) dimensions, database \"\(current.name)\" expects \(dimension)")
        }
        try VectorRules.validate(values)
        try shard.context.field.elementType.validate(values)
    }
}
