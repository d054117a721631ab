internal import JadeCore

/// The whole interface. What is listed here is what there is; a test compares it with proto/.
enum Methods {
    static let all: [Method] =
        databases + vectors + searches + node + jobs + backups + backupTasks + backupSchedules + health + reflection

    static func path(_ service: String, _ method: String) -> String { "/jadevectordb.v1.\(service)/\(method)" }
}
