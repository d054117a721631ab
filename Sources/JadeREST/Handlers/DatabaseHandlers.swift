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

    /// All of them, or a page in order of their names where one asks for a `limit`.
    static func list(_ call: Call) async throws(JadeError) -> Reply {
        let all = try await call.service.listDatabases()
        let (after, limit) = (call.query["after"], try call.query.integer("limit"))
        guard after != nil || limit != nil else { return .json(DatabaseList(all)) }
        let size = limit ?? ScrollRequest().limit
        try Limits.require(size, in: 1...Limits.maximumScrollLimit, "limit")
        let rest = all.sorted { $0.name < $1.name }.filter { after == nil || $0.name > after! }
        return .json(DatabaseList(Array(rest.prefix(size)), next: rest.count > size ? rest[size - 1].name : nil))
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
