package import JadeAPI
package import JadeCore

extension GuardedSecurity {
    /// One's own: of the key that is asking, and of its user. Whoever manages quotas sees everybody's, and those of databases.
    package func usage(of whose: Whose) async throws(JadeError) -> [UsageReport] {
        switch whose {
        case .mine:
            try require(.quotaManage, unlessMine: me.userID)
            return try await reports(of: UsageMeter.subjects(me))
        case .everybodys:
            try require(.quotaManage)
            return try await reports(of: nil)
        case .of(let user):
            try require(.quotaManage, unlessMine: user)
            return try await reports(of: subjects(ofUser: user))
        }
    }

    /// - Parameter subject: a user or database by name or id, a key by id.
    package func setQuota(_ quota: Quota?, ofKind kind: UsageSubject.Kind, _ subject: String) async throws(JadeError) {
        try require(.quotaManage)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.setQuota(quota, of: accounts.usageSubject(kind, subject), by: actor) }
    }

    /// A user and the user's keys.
    func subjects(ofUser user: String) async throws(JadeError) -> [UsageSubject] {
        let accounts = accounts
        return try await run { () throws(JadeError) in
            let id = try accounts.user(user).id
            let keys = try accounts.keys(of: id).filter { $0.revokedAt == nil }
            return [UsageSubject(.user, id: id)] + keys.map { UsageSubject(.key, id: $0.id) }
        }
    }

    /// - Parameter wanted: nil for all there are.
    func reports(of wanted: [UsageSubject]?) async throws(JadeError) -> [UsageReport] {
        let (accounts, meter) = (accounts, meter)
        return try await run { () throws(JadeError) in
            let names = try accounts.usageNames()
            return meter.reports(of: wanted) { names[$0] }.sorted { ($0.subject.kind.rawValue, $0.name) < ($1.subject.kind.rawValue, $1.name) }
        }
    }
}
