package import JadeCore
package import JadeJSON

/// `POST /v1/backups`: `{"database","target","full"}`; the database is required.
extension BackupRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case database, target, full
    }

    package init(json: JSONElement) throws(JadeError) {
        var (database, target, full): (String?, String?, Bool) = (nil, nil, false)
        try json.readFields(Field.self, of: "backup request") { (field, value) throws(JadeError) in
            switch field {
            case .database: database = try value.string(field.rawValue)
            case .target: target = try value.string(field.rawValue)
            case .full: full = try value.boolean(field.rawValue)
            }
        }
        self.init(database: try required(database, Field.database, of: "backup request"), target: target, full: full)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("database", database)
        writer.field("target", ifPresent: target)
        if full { writer.field("full", true) }
        writer.endObject()
    }
}

/// `POST /v1/backups/restore`: `{"target","backup","source","database","at"|"sequence"|"latest"}`; `at` is a time.
extension RestoreRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case target, backup, source, database, at, sequence, latest
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        var points: [RestorePoint] = []
        try json.readFields(Field.self, of: "restore request") { (field, value) throws(JadeError) in
            switch field {
            case .target: target = try value.string(field.rawValue)
            case .backup: backup = try value.string(field.rawValue)
            case .source: source = try value.string(field.rawValue)
            case .database: database = try value.string(field.rawValue)
            case .at: points.append(.milliseconds(try Timestamp.milliseconds(of: value.string(field.rawValue), field.rawValue)))
            case .sequence: points.append(.sequence(try value.unsigned(field.rawValue)))
            case .latest: if try value.boolean(field.rawValue) { points.append(.latest) }
            }
        }
        guard points.count <= 1 else { throw .invalidArgument("give one of \"at\", \"sequence\" and \"latest\"") }
        point = points.first ?? .backup
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("target", ifPresent: target)
        writer.field("backup", ifPresent: backup)
        writer.field("source", ifPresent: source)
        writer.field("database", ifPresent: database)
        switch point {
        case .backup: break
        case .latest: writer.field("latest", true)
        case .sequence(let number): writer.field("sequence", Int(clamping: number))
        case .milliseconds(let time): writer.field("at", Timestamp.text(milliseconds: time))
        }
        writer.endObject()
    }
}

/// A backup as answers show it.
extension BackupDescription: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, target, database, parent, schedule, sequence
        case databaseID = "database_id"
        case takenAt = "taken_at"
        case finishedAt = "finished_at"
        case vectorCount = "vector_count"
        case bytes, extents
        case storedBytes = "stored_bytes"
        case storedExtents = "stored_extents"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(id: "", target: "", databaseID: "", database: "")
        try json.readFields(Field.self, of: "backup", unknown: .ignored) { (field, value) throws(JadeError) in
            let name = field.rawValue
            switch field {
            case .id: id = try value.string(name)
            case .target: target = try value.string(name)
            case .database: database = try value.string(name)
            case .parent: parent = try value.string(name)
            case .schedule: schedule = try value.string(name)
            case .sequence: sequence = try value.unsigned(name)
            case .databaseID: databaseID = try value.string(name)
            case .takenAt: milliseconds = try Timestamp.milliseconds(of: value.string(name), name)
            case .finishedAt: finishedMilliseconds = try Timestamp.milliseconds(of: value.string(name), name)
            case .vectorCount: vectorCount = try value.integer(name)
            case .bytes: byteCount = try value.integer(name)
            case .extents: extentCount = try value.integer(name)
            case .storedBytes: storedBytes = try value.integer(name)
            case .storedExtents: storedExtents = try value.integer(name)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("target", target)
        writer.field("database", database)
        writer.field("database_id", databaseID)
        writer.field("parent", ifPresent: parent)
        writer.field("schedule", ifPresent: schedule)
        writer.field("taken_at", Timestamp.text(milliseconds: milliseconds))
        writer.field("finished_at", Timestamp.text(milliseconds: finishedMilliseconds))
        writer.field("sequence", Int(clamping: sequence))
        writer.field("vector_count", vectorCount)
        writer.field("bytes", byteCount)
        writer.field("stored_bytes", storedBytes)
        writer.field("extents", extentCount)
        writer.field("stored_extents", storedExtents)
        writer.endObject()
    }
}

/// `GET /v1/backups/targets`: `{"targets":[{"name","place"}]}`.
extension BackupTarget: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name, place
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(name: "", place: "")
        try json.readFields(Field.self, of: "backup target", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .name: name = try value.string(field.rawValue)
            case .place: place = try value.string(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("place", place)
        writer.endObject()
    }
}

/// `DELETE /v1/backups/{target}/{backup}`: `{"deleted","removed_extents","removed_bytes"}`.
extension BackupDeletion: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case deleted
        case removedExtents = "removed_extents"
        case removedBytes = "removed_bytes"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(backup: "", removedExtents: 0, removedBytes: 0)
        try json.readFields(Field.self, of: "deletion", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .deleted: backup = try value.string(field.rawValue)
            case .removedExtents: removedExtents = try value.integer(field.rawValue)
            case .removedBytes: removedBytes = try value.integer(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("deleted", backup)
        writer.field("removed_extents", removedExtents)
        writer.field("removed_bytes", removedBytes)
        writer.endObject()
    }
}

extension BackupDescription: WireListMember { package static var listName: String { "backups" } }
extension BackupTarget: WireListMember { package static var listName: String { "targets" } }
extension BackupTask: WireListMember { package static var listName: String { "tasks" } }
extension BackupScheduleStatus: WireListMember { package static var listName: String { "schedules" } }

package typealias BackupList = WireList
