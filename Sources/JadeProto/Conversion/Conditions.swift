package import JadeCore

extension VersionCondition {
    package init(_ proto: ProtoCondition) throws(JadeError) {
        switch proto.expected {
        case .exists(let exists): self = exists ? .exists : .absent
        case .versions(let list): self = .matches(list.versions)
        case nil: throw .invalidArgument("condition is empty, expected exists or versions")
        }
        try validate()
    }
}

extension ProtoCondition {
    package init(_ condition: VersionCondition) {
        self.init()
        switch condition {
        case .exists: exists = true
        case .absent: exists = false
        case .matches(let versions):
            var list = ProtoVersions()
            list.versions = versions
            self.versions = list
        }
    }
}

extension ProtoUpsertRequest {
    /// Nil where the request has none.
    package func versionCondition() throws(JadeError) -> VersionCondition? {
        guard hasCondition else { return nil }
        try requireOne(vectors.count)
        return try VersionCondition(condition)
    }
}

extension ProtoDeleteRequest {
    /// Nil where the request has none.
    package func versionCondition() throws(JadeError) -> VersionCondition? {
        guard hasCondition else { return nil }
        try requireOne(ids.count)
        return try VersionCondition(condition)
    }
}

extension ProtoUpdateMetadataRequest {
    /// Nil where the request has none.
    package func versionCondition() throws(JadeError) -> VersionCondition? {
        hasCondition ? try VersionCondition(condition) : nil
    }
}

private func requireOne(_ count: Int) throws(JadeError) {
    guard count == 1 else { throw .invalidArgument("condition is given for \(count) vectors, expected 1") }
}
