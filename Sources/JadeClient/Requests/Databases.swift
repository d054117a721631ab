internal import JadeAPI
public import JadeCore

extension JadeClient {
    public func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription {
        try await ask(.post, Path.databases, specification, repeatable: false)
    }

    public func listDatabases() async throws(JadeError) -> [DatabaseDescription] {
        let list: DatabaseList = try await ask(.get, Path.databases)
        return list.databases
    }

    public func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription {
        try await ask(.get, Path.database(database))
    }

    /// Not repeated after a broken connection: the database may answer to its new name already.
    public func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription {
        try await ask(.patch, Path.database(database), update, repeatable: false)
    }

    /// Not repeated after a broken connection: the second try would say that there is no such database.
    public func deleteDatabase(_ database: String) async throws(JadeError) {
        _ = try await transport.send(Request(method: .delete, path: Path.database(database), repeatable: false))
    }
}
