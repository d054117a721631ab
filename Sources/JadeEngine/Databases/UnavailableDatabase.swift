internal import JadeCore

/// A database that the catalog names and that could not be opened: it is shown with the reason, may be deleted, and keeps
/// nobody from using the others.
struct UnavailableDatabase: Sendable {
    let id: String
    let createdAtMilliseconds: Int64
    let specification: DatabaseSpecification
    let reason: JadeError

    /// What every request for it gets.
    var error: JadeError {
        let code: ErrorCode =
            switch reason.code {
            case .corrupted, .resourceExhausted: reason.code
            // A file is missing: the database is there all the same, and not whole.
            case .notFound: .corrupted
            default: .unavailable
            }
        return JadeError(code, "database \"\(specification.name)\" cannot be opened: \(reason.message)")
    }

    var description: DatabaseDescription {
        DatabaseDescription(
            id: id, specification: specification, createdAtMilliseconds: createdAtMilliseconds, vectorCount: 0,
            index: IndexStatus(settings: specification.index), problem: reason.message,
            storage: StorageStatus(state: .quarantined))
    }
}
