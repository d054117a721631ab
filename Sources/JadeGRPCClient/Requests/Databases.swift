public import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    private static func path(_ method: String) -> String { "/jadevectordb.v1.DatabaseService/\(method)" }

    public func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription {
        try DatabaseDescription(
            try await transport.unary(Self.path("CreateDatabase"), ProtoCreateDatabaseRequest(specification), repeatable: false))
    }

    public func listDatabases() async throws(JadeError) -> [DatabaseDescription] {
        let list: ProtoListDatabasesResponse = try await transport.unary(Self.path("ListDatabases"), ProtoListDatabasesRequest())
        var databases: [DatabaseDescription] = []
        for database in list.databases { databases.append(try DatabaseDescription(database)) }
        return databases
    }

    public func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription {
        var request = ProtoGetDatabaseRequest()
        request.database = database
        return try DatabaseDescription(try await transport.unary(Self.path("GetDatabase"), request))
    }

    /// Not repeated after a broken connection: the database may answer to its new name already.
    public func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription {
        try DatabaseDescription(
            try await transport.unary(
                Self.path("UpdateDatabase"), ProtoUpdateDatabaseRequest(update, of: database), repeatable: false))
    }

    /// Not repeated after a broken connection: the second try would say that there is no such database.
    public func deleteDatabase(_ database: String) async throws(JadeError) {
        var request = ProtoDeleteDatabaseRequest()
        request.database = database
        let _: ProtoDeleteDatabaseResponse = try await transport.unary(Self.path("DeleteDatabase"), request, repeatable: false)
    }

    public func status() async throws(JadeError) -> NodeStatus {
        NodeStatus(try await transport.unary("/jadevectordb.v1.NodeService/GetStatus", ProtoGetStatusRequest()))
    }
}
