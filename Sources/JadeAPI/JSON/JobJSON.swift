package import JadeCore
package import JadeJSON

/// `POST /v1/verify`: `{"database"?,"bytes_per_second"?}`.
extension VerificationRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case database
        case bytesPerSecond = "bytes_per_second"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "verification") { (field, value) throws(JadeError) in
            switch field {
            case .database: database = try value.string(field.rawValue)
            case .bytesPerSecond: bytesPerSecond = try value.integer(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("database", ifPresent: database)
        writer.field("bytes_per_second", ifPresent: bytesPerSecond)
        writer.endObject()
    }
}

/// A job as answers show it.
extension JobDescription: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, kind, database, state, stage, done, total
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case problem, findings
        case damageCount = "damage_count"
        case warningCount = "warning_count"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(id: "", kind: "", database: nil, startedAtMilliseconds: 0)
        var id: String?
        try json.readFields(Field.self, of: "job", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .id: id = try value.string(field.rawValue)
            case .kind: kind = try value.string(field.rawValue)
            case .database: database = try value.string(field.rawValue)
            case .state: state = try value.choice(field.rawValue) { (state: State) in state.rawValue }
            case .stage: stage = try value.string(field.rawValue)
            case .done: done = try value.integer(field.rawValue)
            case .total: total = try value.integer(field.rawValue)
            case .startedAt: startedAtMilliseconds = try Timestamp.milliseconds(of: try value.string(field.rawValue), field.rawValue)
            case .finishedAt: finishedAtMilliseconds = try Timestamp.milliseconds(of: try value.string(field.rawValue), field.rawValue)
            case .problem: problem = try value.string(field.rawValue)
            case .findings:
                findings = try value.list(field.rawValue, limit: Limits.maximumFindings) { (element) throws(JadeError) in
                    try Finding(json: element)
                }
            case .damageCount: damageCount = try value.integer(field.rawValue)
            case .warningCount: warningCount = try value.integer(field.rawValue)
            }
        }
        self.id = try required(id, Field.id, of: "job")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("kind", kind)
        writer.field("database", ifPresent: database)
        writer.field("state", state.rawValue)
        writer.field("stage", stage)
        writer.field("done", done)
        writer.field("total", total)
        writer.field("started_at", Timestamp.text(milliseconds: startedAtMilliseconds))
        writer.field("finished_at", ifPresent: finishedAtMilliseconds.map(Timestamp.text(milliseconds:)))
        writer.field("problem", ifPresent: problem)
        writer.list("findings", findings) { $0.write(to: &$1) }
        writer.field("damage_count", damageCount)
        writer.field("warning_count", warningCount)
        writer.endObject()
    }
}

/// `{"severity","file","offset"?,"expected","found"}`.
extension Finding: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case severity, file, offset, expected, found
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(file: "", expected: "", found: "")
        try json.readFields(Field.self, of: "finding", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .severity: severity = try value.choice(field.rawValue) { (severity: Severity) in severity.rawValue }
            case .file: file = try value.string(field.rawValue)
            case .offset: offset = try value.integer(field.rawValue)
            case .expected: expected = try value.string(field.rawValue)
            case .found: found = try value.string(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("severity", severity.rawValue)
        writer.field("file", file)
        writer.field("offset", ifPresent: offset)
        writer.field("expected", expected)
        writer.field("found", found)
        writer.endObject()
    }
}

/// `GET /v1/jobs`: `{"jobs":[…]}`.
package struct JobList: WireDecodable, WireEncodable, Sendable {
    package var jobs: [JobDescription]

    private enum Field: String, WireField {
        case jobs
    }

    package init(_ jobs: [JobDescription]) { self.jobs = jobs }

    package init(json: JSONElement) throws(JadeError) {
        var jobs: [JobDescription]?
        try json.readFields(Field.self, of: "job list", unknown: .ignored) { (field, value) throws(JadeError) in
            jobs = try value.list(field.rawValue, limit: 2 * Limits.maximumRememberedJobs) { (element) throws(JadeError) in
                try JobDescription(json: element)
            }
        }
        self.init(try required(jobs, Field.jobs, of: "job list"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("jobs", jobs) { $0.write(to: &$1) }
        writer.endObject()
    }
}
