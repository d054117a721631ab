internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("AccessService", method) }

    static let grants: [Method] = [
        .unary(path("ListGrants"), needs: .named(.grantRead)) { (request: ProtoListGrantsRequest, call) throws(JadeError) in
            var answer = ProtoListGrantsResponse()
            answer.grants = try await call.services.security.grants(on: request.database).map(ProtoDatabaseGrant.init)
            return answer
        },
        .unary(path("Grant"), needs: .named(.grantManage)) { (request: ProtoGrantRequest, call) throws(JadeError) in
            let permissions = try PermissionSet(requested: request.permissions)
            try await call.services.security.grant(permissions, on: request.database, to: try Grantee(request.grantee))
            return ProtoGrantResponse()
        },
        .unary(path("Revoke"), needs: .named(.grantManage)) { (request: ProtoGrantRequest, call) throws(JadeError) in
            let permissions = try PermissionSet(requested: request.permissions)
            try await call.services.security.revoke(permissions, on: request.database, from: try Grantee(request.grantee))
            return ProtoGrantResponse()
        },
        .unary(path("SetOwner"), needs: .named(.grantManage)) { (request: ProtoSetOwnerRequest, call) throws(JadeError) in
            try await call.services.security.setOwner(of: request.database, to: request.user)
            return ProtoSetOwnerResponse()
        },
    ]

    static let limits: [Method] = [
        .unary(path("ListUsage"), needs: .own(.quotaManage)) { (whose: ProtoWhose, call) throws(JadeError) in
            var answer = ProtoListUsageResponse()
            answer.reports = try await call.services.security.usage(of: Whose(whose)).map(ProtoUsageReport.init)
            return answer
        },
        .unary(path("SetQuota"), needs: .node(.quotaManage)) { (request: ProtoSetQuotaRequest, call) throws(JadeError) in
            let subject = try UsageSubject(request.subject)
            try await call.services.security.setQuota(request.hasQuota ? Quota(request.quota) : nil, ofKind: subject.kind, subject.id)
            return ProtoSetQuotaResponse()
        },
    ]

    static let keys: [Method] = [
        .unary(path("CreateKey"), needs: .own(.keyManage)) { (request: ProtoCreateKeyRequest, call) throws(JadeError) in
            let owner = request.hasUser ? request.user : nil
            return ProtoIssuedKey(try await call.services.security.createKey(try APIKeyRequest(request), for: owner))
        },
        .unary(path("ListKeys"), needs: .own(.keyManage)) { (whose: ProtoWhose, call) throws(JadeError) in
            var answer = ProtoListKeysResponse()
            answer.keys = try await call.services.security.listKeys(Whose(whose)).map(ProtoApiKey.init)
            return answer
        },
        .unary(path("RevokeKey"), needs: .own(.keyManage)) { (request: ProtoRevokeKeyRequest, call) throws(JadeError) in
            try await call.services.security.revokeKey(request.id)
            return ProtoRevokeKeyResponse()
        },
        .unary(path("RotateKey"), needs: .own(.keyManage)) { (request: ProtoRotateKeyRequest, call) throws(JadeError) in
            ProtoIssuedKey(try await call.services.security.rotateKey(request.id, graceSeconds: try request.seconds()))
        },
        .unary(path("ListSessions"), needs: .own(.sessionManage)) { (whose: ProtoWhose, call) throws(JadeError) in
            var answer = ProtoListSessionsResponse()
            answer.sessions = try await call.services.security.listSessions(Whose(whose)).map(ProtoSession.init)
            return answer
        },
        .unary(path("EndSession"), needs: .own(.sessionManage)) { (request: ProtoEndSessionRequest, call) throws(JadeError) in
            try await call.services.security.endSession(request.id)
            return ProtoEndSessionResponse()
        },
    ]

    static let audit: [Method] = [
        .unary(path("ListAuditEntries"), needs: .node(.auditRead)) { (query: ProtoAuditQuery, call) throws(JadeError) in
            ProtoListAuditEntriesResponse(try await call.services.security.auditEntries(try AuditQuery(query)))
        },
        .answers(path("ExportAudit"), needs: .node(.auditRead)) { (query: ProtoAuditQuery, call, answers) throws(JadeError) in
            try await exportAudit(try AuditQuery(query), call, answers)
        },
        .unary(path("VerifyAudit"), needs: .node(.auditRead)) { (_: ProtoVerifyAuditRequest, call) throws(JadeError) in
            ProtoAuditHead(try await call.services.security.verifyAudit())
        },
    ]

    /// Page after page until one is not full: entries that come while it runs do not keep it going.
    private static func exportAudit(_ query: AuditQuery, _ call: Call, _ answers: Answers) async throws(JadeError) {
        var query = query
        (query.isOldestFirst, query.before, query.limit) = (true, nil, Limits.maximumAuditPage)
        var entries: [AuditEntry]
        repeat {
            if Task.isCancelled { throw .cancelled("the call was cancelled") }
            entries = try await call.services.security.auditEntries(query)
            try await answers.send(ProtoListAuditEntriesResponse(entries))
            query.after = entries.last?.sequence
        } while entries.count == query.limit
    }
}
