import JadeAPI
import JadeCore
import JadeIO
import JadeSecurity
import Testing

@Suite("Logging in over REST")
struct LoginRouteTests {
    @Test("a name and a password give tokens, which work until they are refreshed, and end with the logout")
    func life() async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            let login = try await server.send("POST", "/v1/auth/login", #"{"name":"root","password":"\#(GuardedServer.password)"}"#)
            #expect(login.status == 200 && login.headers["cache-control"] == "no-store", "\(login.text)")
            let access = try #require(login.string("access_token"))
            let me = try await server.send("GET", "/v1/auth/me", as: access)
            #expect(me.status == 200 && me["user_name"] == "root" && me["credential"] == "session")

            let refresh = try #require(login.string("refresh_token"))
            let next = try await server.send("POST", "/v1/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#)
            #expect(next.status == 200)
            #expect(try await server.send("GET", "/v1/auth/me", as: access).status == 401)
            let second = try #require(next.string("access_token"))
            #expect(try await server.send("GET", "/v1/auth/me", as: second).status == 200)
            // A refresh token that comes twice was stolen: the session ends for both.
            #expect(try await server.send("POST", "/v1/auth/refresh", #"{"refresh_token":"\#(refresh)"}"#).status == 401)
            #expect(try await server.send("GET", "/v1/auth/me", as: second).status == 401)

            let third = try guarded.token("root")
            #expect(try await server.send("POST", "/v1/auth/logout", as: third).status == 204)
            #expect(try await server.send("GET", "/v1/auth/me", as: third).status == 401)
        }
    }

    @Test("what is wrong with a login cannot be told, and too many wrong ones are told to wait")
    func refusals() async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            var answers: Set<String> = []
            for name in ["root", "nobody"] {
                for round in 0..<5 {
                    let answer = try await server.send("POST", "/v1/auth/login", #"{"name":"\#(name)","password":"wrong\#(round)"}"#)
                    #expect(answer.headers["www-authenticate"] == "Bearer")
                    answers.insert(answer.text)
                }
                let locked = try await server.send("POST", "/v1/auth/login", #"{"name":"\#(name)","password":"\#(GuardedServer.password)"}"#)
                #expect(locked.status == 429 && locked.headers["retry-after"] == "1", "\(name) \(locked.text)")
            }
            #expect(answers.count == 1, "\(answers)")
        }
    }

    @Test("headers that carry no credential of ours are refused in one way", arguments: [
        ["authorization": "Basic cm9vdDpyb290"], ["authorization": "Bearer"], ["authorization": "Bearer x"], ["x-api-key": ""],
        ["authorization": "Bearer jade_k_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"], ["x-api-key": "jade_r_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
        ["authorization": "Bearer a", "x-api-key": "b"], [:],
    ])
    func headers(_ headers: [String: String]) async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            let answer = try await server.send("GET", "/v1/databases", headers: headers)
            #expect(answer.status == 401 && answer["code"] == "unauthenticated", "\(answer.text)")
            for value in headers.values where value.utf8.count > 10 { #expect(!answer.text.contains(value)) }
        }
    }

    @Test("a key works in either header, and a body is not read for somebody who may not send it")
    func keys() async throws {
        let guarded = try GuardedServer()
        let key = try guarded.key("root", APIKeyRequest(name: "k"))
        try await guarded.run { (server: LiveServer) async throws in
            #expect(try await server.send("GET", "/v1/databases", headers: ["x-api-key": key]).status == 200)
            #expect(try await server.send("GET", "/v1/databases", as: key).status == 200)
            // With the wrong type and no login it is the login that is missing.
            let anonymous = try await server.send("POST", "/v1/databases", "<x/>", headers: ["content-type": "text/xml"])
            #expect(anonymous.status == 401, "\(anonymous.text)")
            #expect(try await server.send("POST", "/v1/databases", "<x/>", headers: ["content-type": "text/xml", "x-api-key": key]).status == 415)
        }
    }

    @Test("until a forced change of password nothing else is allowed")
    func forcedChange() async throws {
        let guarded = try GuardedServer()
        try guarded.add("ann", roles: ["admin"], mustChange: true)
        let token = try guarded.token("ann")
        try await guarded.run { (server: LiveServer) async throws in
            for (method, path) in [("GET", "/v1/databases"), ("GET", "/v1/status"), ("GET", "/v1/users"), ("GET", "/v1/api-keys")] {
                let answer = try await server.send(method, path, as: token)
                #expect(answer.status == 403, "\(path) \(answer.text)")
            }
            #expect(try await server.send("POST", "/v1/api-keys", #"{"name":"k"}"#, as: token).status == 403)
            let change = #"{"old_password":"\#(GuardedServer.password)","new_password":"another long one"}"#
            #expect(try await server.send("PUT", "/v1/auth/password", change, as: token).status == 204)
            #expect(try await server.send("GET", "/v1/auth/me", as: token).status == 401)
            let login = try await server.send("POST", "/v1/auth/login", #"{"name":"ann","password":"another long one"}"#)
            let fresh = try #require(login.string("access_token"))
            #expect(try await server.send("GET", "/v1/users", as: fresh).status == 200)
        }
    }

    @Test("health is for everybody, metrics are not")
    func health() async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            for path in ["/health", "/health/ready", "/v1/health", "/v1/health/ready"] {
                #expect(try await server.send("GET", path).status == 200)
            }
            for path in ["/metrics", "/v1/status", "/status"] { #expect(try await server.send("GET", path).status == 401) }
        }
    }

    @Test("a refusal and a credential that does not hold stand in the audit log with the request's name")
    func audited() async throws {
        let guarded = try GuardedServer()
        try guarded.add("ann", roles: ["user"])
        let token = try guarded.token("ann")
        try await guarded.run { (server: LiveServer) async throws in
            _ = try await server.send("GET", "/v1/users", headers: ["authorization": "Bearer \(token)", "x-request-id": "r-77"])
            _ = try await server.send("GET", "/v1/users", headers: ["authorization": "Bearer nonsense", "x-request-id": "r-78"])
        }
        let refused = try guarded.accounts.audit.entries(AuditQuery(outcome: .refused))
        #expect(refused.map(\.event.action) == ["authenticate", "user:read"])
        #expect(refused.map(\.event.requestID) == ["r-78", "r-77"])
        #expect(refused[1].event.actor == "ann" && refused[1].event.address == "127.0.0.1")
        _ = try guarded.accounts.audit.verify()
    }

    @Test("what changes databases stands in the audit log once each, what reads and writes rows where that is asked for", arguments: [false, true])
    func used(recordsData: Bool) async throws {
        var trail = AuditTrail.Settings()
        trail.recordsData = recordsData
        let guarded = try GuardedServer(trail: trail)
        let token = try guarded.token("root")
        try await guarded.run { (server: LiveServer) async throws in
            for (method, path, body) in [
                ("POST", "", #"{"name":"docs","dimension":2,"index":{"type":"flat"}}"#), ("POST", "/docs/vectors", #"{"vectors":[{"id":"a","values":[1,2]}]}"#),
                ("POST", "/docs/search", #"{"values":[1,2],"top_k":1}"#), ("GET", "/docs/vectors/a", nil), ("DELETE", "/docs/vectors/a", nil),
                ("DELETE", "/docs", nil),
            ] as [(String, String, String?)] {
                let answer = try await server.send(method, "/v1/databases" + path, body, as: token)
                #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.text)")
            }
        }
        let allowed = try guarded.accounts.audit.entries(AuditQuery(outcome: .allowed)).map(\.event)
        let data = ["vector:delete", "vector:read", "vector:read", "vector:write"]
        let wanted: [String] = ["database:delete"] + (recordsData ? data : []) + ["database:owner", "database:create"]
        let actions = allowed.map(\.action).filter { $0 != "login" && $0 != "user:create" }
        #expect(actions == wanted)
        let last = try #require(allowed.first)
        #expect(last.actor == "root" && last.address == "127.0.0.1" && last.resource.hasPrefix("database/"))
    }
}

extension Answer {
    func string(_ path: String) -> String? {
        if case .string(let text)? = self[path] { text } else { nil }
    }
}
