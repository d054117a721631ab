package import JadeCore
package import JadeJSON

/// `PUT /v1/quotas/{kind}/{name}`: `{"requests_per_sec"?,"vectors_per_sec"?,"bytes_per_sec"?,"concurrent_searches"?}`.
extension Quota: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case requestsPerSecond = "requests_per_sec"
        case vectorsPerSecond = "vectors_per_sec"
        case bytesPerSecond = "bytes_per_sec"
        case concurrentSearches = "concurrent_searches"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "quota") { (field, value) throws(JadeError) in
            let number = try value.integer(field.rawValue)
            switch field {
            case .requestsPerSecond: requestsPerSecond = number
            case .vectorsPerSecond: vectorsPerSecond = number
            case .bytesPerSecond: bytesPerSecond = number
            case .concurrentSearches: concurrentSearches = number
            }
        }
        try validate()
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let requestsPerSecond { writer.field("requests_per_sec", requestsPerSecond) }
        if let vectorsPerSecond { writer.field("vectors_per_sec", vectorsPerSecond) }
        if let bytesPerSecond { writer.field("bytes_per_sec", bytesPerSecond) }
        if let concurrentSearches { writer.field("concurrent_searches", concurrentSearches) }
        writer.endObject()
    }
}

/// A member of `GET /v1/usage`.
extension UsageReport: WireListMember {
    package static var listName: String { "usage" }

    package init(json: JSONElement) throws(JadeError) {
        let kind = try json.text("kind")
        guard let kind = UsageSubject.Kind(rawValue: kind) else { throw .invalidArgument("unknown kind \(shown(kind))") }
        guard let limits = json.member("limits") else { throw .invalidArgument("\(quoted("limits")) is missing") }
        var totals = UsageTotals()
        totals.requests = try json.whole("requests")
        totals.refused = try json.whole("refused")
        totals.vectors = try json.whole("vectors")
        totals.bytes = try json.whole("bytes")
        totals.searches = try json.whole("searches")
        self.init(
            subject: UsageSubject(kind, id: try json.text("id")), name: try json.text("name"),
            quota: try json.member("quota").map { quota throws(JadeError) in try Quota(json: quota) }, limits: try Quota(json: limits),
            totals: totals, runningSearches: try json.whole("running_searches"), since: try json.time("since"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("kind", subject.kind.rawValue)
        writer.field("id", subject.id)
        writer.field("name", name)
        if let quota {
            writer.key("quota")
            quota.write(to: &writer)
        }
        writer.key("limits")
        limits.write(to: &writer)
        writer.field("requests", totals.requests)
        writer.field("refused", totals.refused)
        writer.field("vectors", totals.vectors)
        writer.field("bytes", totals.bytes)
        writer.field("searches", totals.searches)
        writer.field("running_searches", runningSearches)
        writer.field("since", time: since)
        writer.endObject()
    }
}

/// `PUT /v1/databases/{database}/owner`: `{"user"}`.
package struct OwnerRequest: WireDecodable, WireEncodable, Sendable {
    package var user: String

    private enum Field: String, WireField {
        case user
    }

    package init(_ user: String) { self.user = user }

    package init(json: JSONElement) throws(JadeError) {
        self.init(try json.texts(Field.self, of: "owner")[0])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("user", user)
        writer.endObject()
    }
}
