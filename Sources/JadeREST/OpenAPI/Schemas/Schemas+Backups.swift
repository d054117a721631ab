import JadeCore

extension Schemas {
    static let backups: [(name: String, text: String)] = [
        (
            "BackupRequest",
            """
            {"type":"object","required":["database"],"additionalProperties":false,"properties":{"database":\(text),"target":\(orNull(text)),
             "full":{"type":["boolean","null"],"default":false,"description":"Read all of it again instead of what changed."}}}
            """
        ),
        (
            "RestoreRequest",
            """
            {"type":"object","additionalProperties":false,
             "description":"A backup, or the state of a database at a moment: one of `at`, `sequence` and `latest`.",
             "properties":{"target":\(orNull(text)),"backup":\(orNull(text)),"source":\(orNull(text)),"database":\(orNull(databaseName)),"at":\(orNull(time)),
              "sequence":{"type":["integer","null"],"minimum":0,"maximum":\(UInt64.max)},"latest":{"type":["boolean","null"],"default":false}},
             "allOf":[{"not":{"allOf":[\(present("at")),\(present("sequence"))]}},{"not":{"allOf":[\(present("at")),\(isLatest)]}},
              {"not":{"allOf":[\(present("sequence")),\(isLatest)]}}]}
            """
        ),
        (
            "BackupDescription",
            """
            {"type":"object","required":["id","target","database","database_id","taken_at","finished_at","sequence","vector_count","bytes",
              "stored_bytes","extents","stored_extents"],
             "properties":{"id":\(text),"target":\(text),"database":\(text),"database_id":\(text),"parent":\(text),"schedule":\(text),
              "taken_at":\(time),"finished_at":\(time),"sequence":\(count),"vector_count":\(count),"bytes":\(count),"stored_bytes":\(count),
              "extents":\(count),"stored_extents":\(count)}}
            """
        ),
        (
            "BackupTarget",
            #"{"type":"object","required":["name","place"],"properties":{"name":\#(text),"place":\#(text)}}"#
        ),
        (
            "BackupDeletion",
            """
            {"type":"object","required":["deleted","removed_extents","removed_bytes"],
             "properties":{"deleted":\(text),"removed_extents":\(count),"removed_bytes":\(count)}}
            """
        ),
        (
            "BackupSchedule",
            """
            {"type":"object","required":["database","target","every_seconds"],"additionalProperties":false,"properties":{\(scheduleMembers)}}
            """
        ),
        (
            "BackupScheduleStatus",
            """
            {"type":"object","required":["name","database","target","every_seconds","next_at"],"properties":{\(scheduleMembers),
             "next_at":\(time),"last_backup":\(text),"archived_sequence":\(count),"error":\(reference("Problem"))}}
            """
        ),
        members("BackupDescription", "backups"), members("BackupTarget", "targets"), members("BackupTask", "tasks"),
        members("BackupScheduleStatus", "schedules"),
    ]

    static let tasks: [(name: String, text: String)] = [
        (
            "BackupTask",
            """
            {"type":"object","required":["id","kind","state","target","database","step","done_bytes","total_bytes","stored_bytes","started_at"],
             "properties":{"id":\(text),"kind":\(enumeration(BackupTask.Kind.allCases.map(\.rawValue))),
              "state":\(enumeration(BackupTask.State.allCases.map(\.rawValue))),"target":\(text),"database":\(text),"backup":\(text),
              "step":\(text),"done_bytes":\(count),"total_bytes":\(count),"stored_bytes":\(count),"sequence":\(count),"started_at":\(time),
              "finished_at":\(time),"error":\(reference("Problem"))}}
            """
        )
    ]

    private static let isLatest = #"{"required":["latest"],"properties":{"latest":{"const":true}}}"#
    static let text = #"{"type":"string"}"#

    private static let scheduleMembers = """
        "name":{"type":["string","null"],"description":"That of the path, if it is given at all."},"database":\(text),"target":\(text),"every_seconds":{"type":"integer","minimum":1,"maximum":\(366 * 86_400)},
        "keep_last":{"type":["integer","null"],"minimum":1,"maximum":10000},"keep_daily":{"type":["integer","null"],"minimum":0,"maximum":10000},
        "keep_weekly":{"type":["integer","null"],"minimum":0,"maximum":10000},
        "log_seconds":{"type":["integer","null"],"minimum":1,"maximum":86400,"description":"How often the log is archived, for restores to any moment."}
        """

    /// `{"backups":[…]}`, named after its members: `BackupDescriptionList`.
    static func members(_ schema: String, _ name: String) -> (name: String, text: String) {
        ("\(schema)List", #"{"type":"object","required":["\#(name)"],"properties":{"\#(name)":{"type":"array","items":\#(reference(schema))}}}"#)
    }
}
