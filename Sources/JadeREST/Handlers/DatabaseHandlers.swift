import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/databases` and what is said of one database.
enum DatabaseHandlers {
    static func create(_ call: Call) async throws(JadeError) -> Reply {
        let specification = try call.decode(DatabaseSpecification.self)
        try specification.validate()
        let created = try await call.service.createDatabase(specification)
        return .json(created, .created, headers: [.location: "/v1/databases/\(created.name)"])
    }

    static func list(_ call: Call) async throws(JadeError) -> Reply {
        .json(DatabaseList(try await call.service.listDatabases()))
    }

    static func describe(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.service.describeDatabase(call.database))
    }

    static func update(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.service.updateDatabase(call.database, call.decode()))
    }

    static func delete(_ call: Call) async throws(JadeError) -> Reply {
        try await call.service.deleteDatabase(call.database)
        return Reply(.noContent)
    }

    static func indexes(_ call: Call) async throws(JadeError) -> Reply {
        .json(IndexList([try await call.service.describeDatabase(call.database).index]))
    }
}
