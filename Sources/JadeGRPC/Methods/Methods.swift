internal import JadeCore

/// The whole interface. What is listed here is what there is; a test compares it with proto/.
enum Methods {
    static let all: [Method] =
        databases + vectors + searches + embeddings + node + jobs + backups + backupTasks + backupSchedules + accounts + health + reflection

    private static let accounts: [Method] = (auth + users + groups + roles + grants + limits + keys + audit).map {
        $0.limited(to: Limits.maximumAccountMessageBytes)
    }

    static func path(_ service: String, _ method: String) -> String { "/jadevectordb.v1.\(service)/\(method)" }
}
