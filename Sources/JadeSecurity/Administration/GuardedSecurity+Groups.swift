package import JadeCore

extension GuardedSecurity {
    package func createGroup(name: String, owner: String?) async throws(JadeError) -> GroupDescription {
        try require(.groupManage)
        let (accounts, actor) = (accounts, actor)
        return try await run { () throws(JadeError) in
            let ownerID = try owner.map { name throws(JadeError) in try accounts.user(name).id }
            return try accounts.describeGroup(try accounts.createGroup(name: name, ownerID: ownerID, by: actor).id)
        }
    }

    package func listGroups() async throws(JadeError) -> [GroupDescription] {
        try require(.groupRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.describeGroups() }
    }

    package func describeGroup(_ group: String) async throws(JadeError) -> GroupDescription {
        try require(.groupRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.describeGroup(group) }
    }

    package func deleteGroup(_ group: String) async throws(JadeError) {
        try require(.groupManage)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.deleteGroup(group, by: actor) }
    }

    package func addMember(_ user: String, to group: String) async throws(JadeError) {
        try await requireOwnership(of: group)
        let (accounts, actor) = (accounts, actor)
        let access = try await run { () throws(JadeError) in try accounts.access(ofGroup: group) }
        try requireHolds(access, whose: "group \(group.debugDescription)")
        try await run { () throws(JadeError) in try accounts.addMember(user, to: group, by: actor) }
    }

    package func removeMember(_ user: String, from group: String) async throws(JadeError) {
        try await requireOwnership(of: group)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.removeMember(user, from: group, by: actor) }
    }

    /// The members of a group are its owner's affair, besides those who manage all groups.
    private func requireOwnership(of group: String) async throws(JadeError) {
        try requireSettled()
        try guarded.refuseTenant("manage accounts")
        let accounts = accounts
        let found = try? await run { () throws(JadeError) in try accounts.group(group) }
        if let owner = found?.ownerID, owner == me.userID, case .session = me.credential { return }
        try guarded.require(.groupManage)
    }
}
