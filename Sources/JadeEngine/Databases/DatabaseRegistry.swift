internal import JadeCore
internal import Synchronization

/// The databases that are open, by id and by name.
final class DatabaseRegistry: Sendable {
    private struct State {
        var byID: [String: Database] = [:]
        var idByName: [String: String] = [:]
    }

    private let state = Mutex(State())

    var all: [Database] { state.withLock { Array($0.byID.values) } }
    var count: Int { state.withLock { $0.byID.count } }

    func find(_ nameOrID: String) throws(JadeError) -> Database {
        let found = state.withLock { state in
            state.idByName[nameOrID].flatMap { state.byID[$0] } ?? state.byID[nameOrID]
        }
        guard let found else { throw .notFound("database \(nameOrID.debugDescription) does not exist") }
        return found
    }

    func add(_ database: Database) {
        state.withLock { state in
            state.byID[database.id] = database
            state.idByName[database.current.name] = database.id
        }
    }

    func rename(_ database: Database, from old: String, to new: String) {
        state.withLock { state in
            state.idByName[old] = nil
            state.idByName[new] = database.id
        }
    }

    func remove(_ database: Database) {
        state.withLock { state in
            state.byID[database.id] = nil
            state.idByName[database.current.name] = nil
        }
    }

    func removeAll() -> [Database] {
        state.withLock { state in
            defer { state = State() }
            return Array(state.byID.values)
        }
    }
}
