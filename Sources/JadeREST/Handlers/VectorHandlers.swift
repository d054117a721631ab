import JadeAPI
import JadeCore
import JadeJSON

/// `/v1/databases/{database}/vectors` and what is below.
enum VectorHandlers {
    /// An upsert cannot tell a new vector from a replaced one, so it answers 200 for both.
    static func upsert(_ call: Call) async throws(JadeError) -> Reply {
        try call.requireNoConditions()
        let request: UpsertRequest =
            if call.hasFrame {
                try call.frame { (bytes, pool) throws(JadeError) in try UpsertRequest(frame: bytes, pool: pool) }
            } else {
                try call.decode()
            }
        return .json(WriteAnswer(.upserted, try await call.service.upsert(call.texts.embedded(request, in: call.database), into: call.database)))
    }

    static func put(_ call: Call) async throws(JadeError) -> Reply {
        let content = try call.decode(VectorContent.self)
        var request = UpsertRequest([try content.record(id: call.vectorID)])
        request.texts[0] = content.text
        let condition = try call.writeCondition
        let vectors = try await call.texts.embedded(request, in: call.database)
        guard let condition else { return .json(WriteAnswer(.upserted, try await call.service.upsert(vectors, into: call.database))) }
        return .json(WriteAnswer(.upserted, try await call.service.write(.upsert(vectors[0]), if: condition, in: call.database)))
    }

    static func delete(_ call: Call) async throws(JadeError) -> Reply {
        let (database, id) = (try call.database, try call.vectorID)
        if let condition = try call.writeCondition {
            return .json(WriteAnswer(.deleted, try await call.service.write(.delete(id), if: condition, in: database)))
        }
        let result = try await call.service.delete([id], from: database)
        guard result.count > 0 else { throw missing(id, database) }
        return .json(WriteAnswer(.deleted, result))
    }

    /// Ids that do not exist are not an error: a retry of a delete succeeds, and says how many there were.
    static func deleteMany(_ call: Call) async throws(JadeError) -> Reply {
        try call.requireNoConditions()
        let request = try call.decode(DeleteRequest.self)
        return .json(WriteAnswer(.deleted, try await call.service.delete(request.ids, from: call.database)))
    }

    static func mergeMetadata(_ call: Call) async throws(JadeError) -> Reply {
        try await change(call, .merge(call.decode(MetadataRequest.self).metadata))
    }

    static func replaceMetadata(_ call: Call) async throws(JadeError) -> Reply {
        try await change(call, .replace(call.decode(MetadataRequest.self).metadata))
    }

    private static func change(_ call: Call, _ change: MetadataChange) async throws(JadeError) -> Reply {
        let (database, id) = (try call.database, try call.vectorID)
        guard let condition = try call.writeCondition else {
            return .json(WriteAnswer(.updated, try await call.service.updateMetadata(change, of: id, in: database)))
        }
        return .json(WriteAnswer(.updated, try await call.service.write(.updateMetadata(change, of: id), if: condition, in: database)))
    }

    static func get(_ call: Call) async throws(JadeError) -> Reply {
        let (database, id) = (try call.database, try call.vectorID)
        let parts = try call.query.parts(default: [.values, .metadata])
        guard let vector = try await call.service.vectors([id], in: database, parts: parts.union(.version)).first else {
            throw missing(id, database)
        }
        return try call.reply(with: vector)
    }

    static func getMany(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(GetRequest.self)
        let vectors = try await call.service.vectors(request.ids, in: call.database, parts: request.parts)
        // A frame has no place for versions.
        if call.accepts(FrameType.vectors), !request.parts.contains(.version) {
            return .frame(try ScrollPage(vectors: vectors, next: nil).frame(), FrameType.vectors)
        }
        return .json(VectorList(vectors))
    }

    static func scroll(_ call: Call) async throws(JadeError) -> Reply { try await scroll(call, call.decode()) }

    static func scrollByQuery(_ call: Call) async throws(JadeError) -> Reply {
        var request = ScrollRequest()
        if let after = call.query["after"] { request.after = try VectorID(after) }
        if let limit = try call.query.integer("limit") { request.limit = limit }
        request.filter = try call.queryFilter
        request.parts = try call.query.parts(default: request.parts)
        return try await scroll(call, request)
    }

    private static func scroll(_ call: Call, _ request: ScrollRequest) async throws(JadeError) -> Reply {
        try request.validate()
        let page = try await call.service.scroll(request, in: call.database)
        if call.accepts(FrameType.vectors), !request.parts.contains(.version) {
            return .frame(try page.frame(), FrameType.vectors)
        }
        return .json(page)
    }

    static func count(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(CountRequest.self)
        return .json(CountAnswer(try await call.service.count(matching: request.filter, in: call.database)))
    }

    static func countByQuery(_ call: Call) async throws(JadeError) -> Reply {
        .json(CountAnswer(try await call.service.count(matching: call.queryFilter, in: call.database)))
    }

    private static func missing(_ id: VectorID, _ database: String) -> JadeError {
        .notFound("vector \(id.text.debugDescription) is not in database \(database.debugDescription)")
    }
}

extension Query {
    fileprivate func parts(default fallback: VectorParts) throws(JadeError) -> VectorParts {
        var parts: VectorParts = []
        if try bool("include_values", default: fallback.contains(.values)) { parts.insert(.values) }
        if try bool("include_metadata", default: fallback.contains(.metadata)) { parts.insert(.metadata) }
        return parts
    }
}

extension Call {
    /// The filter of the query: JSON, as in a body.
    fileprivate var queryFilter: Filter? {
        get throws(JadeError) {
            guard let text = query["filter"] else { return nil }
            return try WireJSON.decode(Filter.self, from: Array(text.utf8))
        }
    }
}
