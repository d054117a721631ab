internal import JadeCore
internal import Synchronization

/// The databases of the catalog, by id and by name: those that are open, and those that could not be opened.
final class DatabaseRegistry: Sendable {
    private struct State {
        var byID: [String: Database] = [:]
        var unavailable: [String: UnavailableDatabase] = [:]
        var idByName: [String: String] = [:]

        func id(_ nameOrID: String) -> String { idByName[nameOrID] ?? nameOrID }
    }

    private let state = Mutex(State())

    /// Those that are open.
    var all: [Database] { state.withLock { Array($0.byID.values) } }
    var unavailable: [UnavailableDatabase] { state.withLock { Array($0.unavailable.values) } }
    var count: Int { state.withLock { $0.byID.count + $0.unavailable.count } }

    /// An open database; for one that could not be opened the reason is thrown.
    func find(_ nameOrID: String) throws(JadeError) -> Database {
        let (found, unavailable) = state.withLock { state in
            let id = state.id(nameOrID)
            return (state.byID[id], state.unavailable[id])
        }
        if let found { return found }
        if let unavailable { throw unavailable.error }
        throw .notFound("database \(nameOrID.debugDescription) does not exist")
    }

    func findUnavailable(_ nameOrID: String) -> UnavailableDatabase? {
        state.withLock { $0.unavailable[$0.id(nameOrID)] }
    }

    func contains(_ nameOrID: String) -> Bool {
        state.withLock { state in
            let id = state.id(nameOrID)
            return state.byID[id] != nil || state.unavailable[id] != nil
        }
    }

    func add(_ database: Database) {
        state.withLock { state in
            state.byID[database.id] = database
            state.idByName[database.current.name] = database.id
        }
    }

    func add(_ database: UnavailableDatabase) {
        state.withLock { state in
            state.unavailable[database.id] = database
            state.idByName[database.specification.name] = database.id
        }
    }

    func rename(_ database: Database, from old: String, to new: String) {
        state.withLock { state in
            state.idByName[old] = nil
            state.idByName[new] = database.id
        }
    }

    func remove(id: String, name: String) {
        state.withLock { state in
            state.byID[id] = nil
            state.unavailable[id] = nil
            state.idByName[name] = nil
        }
    }

    func removeAll() -> [Database] {
        state.withLock { state in
            defer { state = State() }
            return Array(state.byID.values)
        }
    }
}
