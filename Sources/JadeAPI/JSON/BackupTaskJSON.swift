package import JadeCore
package import JadeJSON

/// A task: `{"id","kind","state","target","database","backup","step","done_bytes","total_bytes","stored_bytes","started_at",
/// "finished_at","sequence","error"}`; an error is a problem document.
extension BackupTask: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, kind, state, target, database, backup, step, sequence, error
        case doneBytes = "done_bytes"
        case totalBytes = "total_bytes"
        case storedBytes = "stored_bytes"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(id: "", kind: .create, target: "", database: "", startedMilliseconds: 0)
        var state: State?
        try json.readFields(Field.self, of: "backup task", unknown: .ignored) { (field, value) throws(JadeError) in
            let name = field.rawValue
            switch field {
            case .id: id = try value.string(name)
            case .kind: kind = try value.choice(name) { (kind: Kind) in kind.rawValue }
            case .state: state = try value.choice(name) { (state: State) in state.rawValue }
            case .target: target = try value.string(name)
            case .database: database = try value.string(name)
            case .backup: backup = try value.string(name)
            case .step: step = try value.string(name)
            case .sequence: sequence = try value.unsigned(name)
            case .error: failure = try Problem(json: value).error
            case .doneBytes: doneBytes = try value.integer(name)
            case .totalBytes: totalBytes = try value.integer(name)
            case .storedBytes: storedBytes = try value.integer(name)
            case .startedAt: startedMilliseconds = try Timestamp.milliseconds(of: value.string(name), name)
            case .finishedAt: finishedMilliseconds = try Timestamp.milliseconds(of: value.string(name), name)
            }
        }
        self.state = try required(state, Field.state, of: "backup task")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("kind", kind.rawValue)
        writer.field("state", state.rawValue)
        writer.field("target", target)
        writer.field("database", database)
        writer.field("backup", ifPresent: backup)
        writer.field("step", step)
        writer.field("done_bytes", doneBytes)
        writer.field("total_bytes", totalBytes)
        writer.field("stored_bytes", storedBytes)
        writer.field("sequence", ifPresent: sequence.map { Int(clamping: $0) })
        writer.field("started_at", Timestamp.text(milliseconds: startedMilliseconds))
        writer.field("finished_at", ifPresent: finishedMilliseconds.map { Timestamp.text(milliseconds: $0) })
        writer.problem(failure)
        writer.endObject()
    }
}

/// `PUT /v1/backups/schedules/{schedule}`: `{"database","target","every_seconds","keep_last","keep_daily","keep_weekly",
/// "log_seconds"}`; the name is in the path, or `name` in answers.
extension BackupSchedule: WireDecodable, WireEncodable {
    fileprivate enum Field: String, WireField {
        case name, database, target
        case everySeconds = "every_seconds"
        case keepLast = "keep_last"
        case keepDaily = "keep_daily"
        case keepWeekly = "keep_weekly"
        case logSeconds = "log_seconds"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(name: "", database: "", target: "", everySeconds: 0)
        var seen: Set<Field> = []
        try json.readFields(Field.self, of: "backup schedule") { (field, value) throws(JadeError) in
            seen.insert(field)
            try read(field, value)
        }
        for field in [Field.database, .target, .everySeconds] where !seen.contains(field) {
            _ = try required(nil as Int?, field, of: "backup schedule")
        }
    }

    fileprivate mutating func read(_ field: Field, _ value: JSONElement) throws(JadeError) {
        switch field {
        case .name: name = try value.string(field.rawValue)
        case .database: database = try value.string(field.rawValue)
        case .target: target = try value.string(field.rawValue)
        case .everySeconds: everySeconds = try value.integer(field.rawValue)
        case .keepLast: retention.last = try value.integer(field.rawValue)
        case .keepDaily: retention.daily = try value.integer(field.rawValue)
        case .keepWeekly: retention.weekly = try value.integer(field.rawValue)
        case .logSeconds: logSeconds = try value.integer(field.rawValue)
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.field("name", name)
        writer.field("database", database)
        writer.field("target", target)
        writer.field("every_seconds", everySeconds)
        writer.field("keep_last", retention.last)
        writer.field("keep_daily", retention.daily)
        writer.field("keep_weekly", retention.weekly)
        writer.field("log_seconds", ifPresent: logSeconds)
    }
}

/// A schedule with its state: `{…,"next_at","last_backup","archived_sequence","error"}`.
extension BackupScheduleStatus: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) {
        self.init(schedule: BackupSchedule(name: "", database: "", target: "", everySeconds: 0), nextMilliseconds: 0)
        guard let members = json.members else { throw .invalidArgument("backup schedule is \(json.kindPhrase), expected an object") }
        for (key, value) in members where !value.isNull {
            switch key.string {
            case "next_at": nextMilliseconds = try Timestamp.milliseconds(of: value.string("next_at"), "next_at")
            case "last_backup": lastBackup = try value.string("last_backup")
            case "archived_sequence": archivedSequence = try value.unsigned("archived_sequence")
            case "error": failure = try Problem(json: value).error
            case let name: if let field = BackupSchedule.Field(rawValue: name) { try schedule.read(field, value) }
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        schedule.writeMembers(to: &writer)
        writer.field("next_at", Timestamp.text(milliseconds: nextMilliseconds))
        writer.field("last_backup", ifPresent: lastBackup)
        writer.field("archived_sequence", ifPresent: archivedSequence.map { Int(clamping: $0) })
        writer.problem(failure)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func problem(_ error: JadeError?) {
        guard let error else { return }
        key("error")
        Problem(error).write(to: &self)
    }
}
