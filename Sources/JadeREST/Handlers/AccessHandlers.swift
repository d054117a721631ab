import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/databases/{database}/permissions` and `…/owner`, `/v1/usage`, `/v1/quotas`, `/v1/api-keys`, `/v1/sessions` and `/v1/audit`.
enum AccessHandlers {
    // MARK: permissions on one database

    static func grants(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.grants(on: call.database))) }

    static func grant(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(GrantRequest.self)
        try await call.security.grant(request.permissions, on: call.database, to: request.grantee)
        return Reply(.noContent)
    }

    static func revoke(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(GrantRequest.self)
        try await call.security.revoke(request.permissions, on: call.database, from: request.grantee)
        return Reply(.noContent)
    }

    static func setOwner(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.setOwner(of: call.database, to: call.decode(OwnerRequest.self).user)
        return Reply(.noContent)
    }

    // MARK: limits

    static func usage(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.usage(of: call.whose))) }
    static func setQuota(_ call: Call) async throws(JadeError) -> Reply { try await changeQuota(to: call.decode(Quota.self), call) }
    static func removeQuota(_ call: Call) async throws(JadeError) -> Reply { try await changeQuota(to: nil, call) }

    private static func changeQuota(to quota: Quota?, _ call: Call) async throws(JadeError) -> Reply {
        let text = try call.name(0, "kind")
        guard let kind = UsageSubject.Kind(rawValue: text) else {
            let known = UsageSubject.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidArgument("quotas are of \(text.debugDescription), expected one of \(known)")
        }
        try await call.security.setQuota(quota, ofKind: kind, call.name(1, kind.rawValue))
        return Reply(.noContent)
    }

    // MARK: API keys

    static func createKey(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(KeyRequest.self)
        return .secret(try await call.security.createKey(request.request, for: request.user), .created)
    }

    static func listKeys(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.listKeys(call.whose))) }

    static func revokeKey(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.revokeKey(call.name(0, "API key"))
        return Reply(.noContent)
    }

    static func rotateKey(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(RotationRequest.self)
        return .secret(try await call.security.rotateKey(call.name(0, "API key"), graceSeconds: request.graceSeconds), .created)
    }

    // MARK: sessions

    static func listSessions(_ call: Call) async throws(JadeError) -> Reply {
        .json(WireList(try await call.security.listSessions(call.whose)))
    }

    static func endSession(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.endSession(call.name(0, "session"))
        return Reply(.noContent)
    }

    // MARK: audit log

    static let auditParameters = ["actor", "action", "resource", "outcome", "from", "to", "before", "after", "oldest_first", "limit"]

    static func audit(_ call: Call) async throws(JadeError) -> Reply {
        let entries = try await call.security.auditEntries(call.auditQuery)
        return .json(WireList(entries), reserving: 64 + entries.count * 512)
    }

    /// A page as one JSON object a line, the oldest first: what log collectors read. The next page begins where
    /// `Link: …; rel="next"` says.
    static func exportAudit(_ call: Call) async throws(JadeError) -> Reply {
        var query = try call.auditQuery
        query.isOldestFirst = true
        let entries = try await call.security.auditEntries(query)
        let lines = entries.map { String(decoding: WireJSON.encode($0), as: UTF8.self) + "\n" }
        var reply = Reply.text(lines.joined(), type: "application/x-ndjson")
        if entries.count == query.limit, let last = entries.last {
            reply.headers[.link] = "</v1/audit/export?after=\(last.sequence)&limit=\(query.limit)>; rel=\"next\""
        }
        return reply
    }

    static func verifyAudit(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.security.verifyAudit()) }
}

extension HTTPField.Name {
    static let link = HTTPField.Name("Link")!
}

extension Call {
    /// `?user=name`, `?all=true`, or neither for one's own.
    fileprivate var whose: Whose {
        get throws(JadeError) {
            let all = try query.bool("all", default: false)
            guard let user = query["user"] else { return all ? .everybodys : .mine }
            guard !all else { throw .invalidArgument("query parameters user and all exclude each other") }
            return .of(user: user)
        }
    }

    fileprivate var auditQuery: AuditQuery {
        get throws(JadeError) {
            var request = AuditQuery(actor: query["actor"], action: query["action"], resource: query["resource"])
            if let text = query["outcome"] {
                guard let outcome = AuditEvent.Outcome(rawValue: text) else {
                    let known = AuditEvent.Outcome.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .invalidArgument("query parameter outcome is \(text.debugDescription), expected one of \(known)")
                }
                request.outcome = outcome
            }
            if let text = query["from"] { request.from = try Timestamp.milliseconds(of: text, "from") }
            if let text = query["to"] { request.to = try Timestamp.milliseconds(of: text, "to") }
            request.before = try query.integer("before").map(Int64.init)
            request.isOldestFirst = try query.bool("oldest_first", default: false)
            request.after = try query.integer("after").map(Int64.init)
            if let limit = try query.integer("limit") { request.limit = limit }
            return request
        }
    }
}
