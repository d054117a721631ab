import HTTPTypes
import JadeAPI
import JadeCore
import JadeREST
import JadeServer
import Testing

@Suite("Every route for everybody")
struct MatrixTests {
    /// What is sent where an empty object would not reach the service that decides.
    private static let bodies = [
        "POST /v1/backups": #"{"database":"docs"}"#, "POST /v1/backups/restore": #"{"source":"docs"}"#,
        "PUT /v1/backups/schedules/{schedule}": #"{"database":"docs","target":"local","every_seconds":60}"#,
        "POST /v1/api-keys": #"{"name":"k","user":"victim"}"#, "PATCH /v1/databases/{database}": #"{"index":{"ef_search":7}}"#,
        "POST /v1/databases/{database}/permissions": #"{"user":"victim","permissions":["vector:read"]}"#,
        "DELETE /v1/databases/{database}/permissions": #"{"user":"victim","permissions":["vector:read"]}"#,
        "PUT /v1/databases/{database}/owner": #"{"user":"a-admin"}"#,
        "POST /v1/databases/{database}/permissions/revoke": #"{"user":"victim","permissions":["vector:read"]}"#,
    ]

    private enum Expected: Equatable {
        case reached
        /// 401
        case unknown
        /// 403, or 404 where even existence is not said.
        case refused
    }

    @Test("is answered or refused as the table of routes says")
    func matrix() async throws {
        let personas = try Personas()
        let everybody = try personas.all()
        let database = ServedDatabase(access: personas.gate) { () throws(JadeError) in }
        var requests = 0
        try await LiveServer.run(database, configure: { _ in }) { (server: LiveServer) async throws in
            for route in Routes.all {
                for persona in everybody {
                    personas.restore()
                    let path = try Self.path(route, personas)
                    let name = "\(route.method) \(route.template)"
                    let body = route.takesBody ? Self.bodies[name] ?? "{}" : nil
                    let answer = try await server.send(route.method.rawValue, path, body, as: persona.credential())
                    let expected = Self.expected(route, persona)
                    #expect(Self.outcome(answer.status, route) == expected, "\(persona.name): \(name) \(answer.status) \(answer.text)")
                    requests += 1
                }
            }
        }
        #expect(requests == Routes.all.count * everybody.count && requests > 1_000)
    }

    private static func outcome(_ status: Int, _ route: Route) -> Expected {
        switch status {
        case 401: route.needs == .nothing ? .reached : .unknown
        case 403: .refused
        // A single backup, task or schedule that may not be seen is not there.
        case 404: .refused
        default: .reached
        }
    }

    private static func expected(_ route: Route, _ persona: Personas.Persona) -> Expected {
        let isList = route.method == .get && !route.template.contains("{")
        if route.needs == .nothing { return .reached }
        guard persona.isKnown else { return .unknown }
        switch route.needs {
        case .nothing, .login: return .reached
        case .node(let permission): return persona.everywhere.contains(permission) ? .reached : .refused
        case .database(let permission):
            let notForTenants = PermissionSet([.databaseUpdate, .databaseDelete, .grantRead, .grantManage])
            if persona.isTenant, notForTenants.contains(permission) { return .refused }
            return persona.onDocs.contains(permission) ? .reached : .refused
        case .named(let permission):
            if persona.isTenant, route.template.contains("backups") { return .refused }
            return isList || persona.onDocs.contains(permission) ? .reached : .refused
        case .own(let permission):
            if persona.isTenant { return .refused }
            return isList || persona.everywhere.contains(permission) ? .reached : .refused
        }
    }

    private static func path(_ route: Route, _ personas: Personas) throws -> String {
        let values = [
            "database": "docs", "id": "v", "job": "j", "task": "task", "schedule": "nightly", "target": "local", "backup": "backup",
            "user": "victim", "kind": "user", "name": "victim", "group": "team", "role": "custom",
        ]
        var parts: [String] = []
        for segment in route.template.split(separator: "/") {
            let name = segment.first == "{" ? String(segment.dropFirst().dropLast()) : nil
            switch name {
            case nil: parts.append(String(segment))
            case "key": parts.append(try personas.victimsKey())
            case "session": parts.append(try personas.victimsSession())
            case let name?: parts.append(try #require(values[name], "no value for {\(name)}"))
            }
        }
        return "/" + parts.joined(separator: "/")
    }

    @Test("the lists of what may be seen hold nothing else")
    func lists() async throws {
        let personas = try Personas()
        let everybody = try personas.all().filter { $0.isKnown && !$0.isTenant }
        let database = ServedDatabase(access: personas.gate) { () throws(JadeError) in }
        try await LiveServer.run(database, configure: { _ in }) { (server: LiveServer) async throws in
            for persona in everybody {
                let databases = try await server.send("GET", "/v1/databases", as: persona.credential())
                #expect((databases["databases.0.name"] == "docs") == persona.onDocs.contains(.databaseRead), "\(persona.name)")
                for path in ["/v1/backups", "/v1/backups/tasks", "/v1/backups/schedules"] {
                    let list = try await server.send("GET", path, as: persona.credential())
                    #expect(list.text.contains("docs") == persona.onDocs.contains(.backupRead), "\(persona.name) \(path) \(list.text)")
                }
            }
        }
    }

    @Test("each route stands once in the table")
    func once() {
        let names = Routes.all.map { "\($0.method) \($0.template)" }
        #expect(Set(names).count == names.count)
    }
}
