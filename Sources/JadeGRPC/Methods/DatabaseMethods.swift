internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("DatabaseService", method) }

    static let databases: [Method] = [
        .unary(path("CreateDatabase"), needs: .node(.databaseCreate)) { (request: ProtoCreateDatabaseRequest, call) throws(JadeError) in
            ProtoDatabase(try await call.services.databases.createDatabase(try DatabaseSpecification(request)))
        },
        .unary(path("ListDatabases"), needs: .named(.databaseRead)) { (_: ProtoListDatabasesRequest, call) throws(JadeError) in
            var answer = ProtoListDatabasesResponse()
            answer.databases = try await call.services.databases.listDatabases().map(ProtoDatabase.init)
            return answer
        },
        .unary(path("GetDatabase"), needs: .named(.databaseRead)) { (request: ProtoGetDatabaseRequest, call) throws(JadeError) in
            ProtoDatabase(try await call.services.databases.describeDatabase(request.database))
        },
        .unary(path("UpdateDatabase"), needs: .named(.databaseUpdate)) { (request: ProtoUpdateDatabaseRequest, call) throws(JadeError) in
            ProtoDatabase(try await call.services.databases.updateDatabase(request.database, DatabaseUpdate(request)))
        },
        .unary(path("DeleteDatabase"), needs: .named(.databaseDelete)) { (request: ProtoDeleteDatabaseRequest, call) throws(JadeError) in
            try await call.services.databases.deleteDatabase(request.database)
            return ProtoDeleteDatabaseResponse()
        },
    ]
}
