import JadeCore

extension Operation {
    /// Backups need a target: 404 where none is configured.
    static let backups: [String: Operation] = [
        "POST /v1/backups": Operation(
            tag: "backups", summary: "Begin a backup", request: Request(schema: "BackupRequest", example: #"{"database":"docs"}"#), status: 202,
            answer: .json("BackupTask"), errors: [.notFound, .conflict, .resourceExhausted], answerHeaders: ["Location"]),
        "GET /v1/backups": Operation(
            tag: "backups", summary: "List the backups of a target, oldest first", answer: .json("BackupDescriptionList"), errors: [.notFound]),
        "POST /v1/backups/restore": Operation(
            tag: "backups", summary: "Begin a restore into a new database",
            request: Request(schema: "RestoreRequest", example: #"{"source":"docs","database":"docs-restored","latest":true}"#), status: 202,
            answer: .json("BackupTask"), errors: [.notFound, .conflict, .resourceExhausted], answerHeaders: ["Location"]),
        "GET /v1/backups/targets": Operation(tag: "backups", summary: "List the targets", answer: .json("BackupTargetList"), errors: [.notFound]),
        "GET /v1/backups/tasks": Operation(
            tag: "backups", summary: "List the tasks, oldest first", answer: .json("BackupTaskList"), errors: [.notFound]),
        "GET /v1/backups/tasks/{task}": Operation(tag: "backups", summary: "Describe a task", answer: .json("BackupTask")),
        "DELETE /v1/backups/tasks/{task}": Operation(
            tag: "backups", summary: "Ask a task to end; what it has stored goes with it", status: 202, answer: .json("BackupTask")),
        "GET /v1/backups/schedules": Operation(
            tag: "backups", summary: "List the schedules", answer: .json("BackupScheduleStatusList"), errors: [.notFound]),
        "PUT /v1/backups/schedules/{schedule}": Operation(
            tag: "backups", summary: "Add or replace a schedule",
            request: Request(
                schema: "BackupSchedule", example: #"{"database":"docs","target":"local","every_seconds":86400,"keep_last":7,"log_seconds":60}"#),
            answer: .json("BackupScheduleStatus"), errors: [.conflict, .resourceExhausted]),
        "DELETE /v1/backups/schedules/{schedule}": Operation(
            tag: "backups", summary: "End a schedule; its backups stay", status: 204, answer: .nothing),
        "GET /v1/backups/{target}/{backup}": Operation(tag: "backups", summary: "Describe a backup", answer: .json("BackupDescription")),
        "DELETE /v1/backups/{target}/{backup}": Operation(
            tag: "backups", summary: "Delete a backup, and what no other one needs", answer: .json("BackupDeletion"), errors: [.conflict]),
        "POST /v1/backups/{target}/{backup}/verify": Operation(
            tag: "backups", summary: "Begin to read all of a backup and compare it with its digests", status: 202, answer: .json("BackupTask"),
            errors: [.conflict], answerHeaders: ["Location"]),
    ]
}
