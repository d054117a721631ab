public import JadeAPI
public import JadeCore

extension JadeClient {
    public func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        let request = UpsertRequest(vectors)
        // Vectors of several dimensions share no frame: as a document they are refused with the reason.
        let answer = try await ask(Path.vectors(database), request, frame: { try? request.frame() }) { (_) throws(JadeError) -> WriteAnswer in
            throw .internal("an upsert was answered with a frame")
        }
        return answer.result
    }

    /// Stores vectors that the database's embedding provider makes of texts; all of them or none.
    public func upsert(_ texts: [TextRecord], into database: String) async throws(JadeError) -> WriteResult {
        let answer: WriteAnswer = try await ask(.post, Path.vectors(database), UpsertRequest(texts: texts))
        return answer.result
    }

    /// Vectors of texts, which are not stored.
    ///
    /// - Parameter provider: a name among the server's embedding providers.
    public func embed(_ texts: [String], with provider: String) async throws(JadeError) -> [[Float]] {
        let list: EmbeddingList = try await ask(.post, "/v1/embeddings", EmbeddingRequest(texts, with: provider))
        return list.vectors
    }

    public func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult {
        let answer: WriteAnswer = try await ask(.post, Path.vectors(database) + "/delete", DeleteRequest(ids))
        return answer.result
    }

    public func updateMetadata(
        _ change: MetadataChange, of id: VectorID, in database: String
    ) async throws(JadeError) -> WriteResult {
        let path = Path.vector(id, database) + "/metadata"
        let answer: WriteAnswer =
            switch change {
            case .merge(let metadata): try await ask(.patch, path, MetadataRequest(metadata))
            case .replace(let metadata): try await ask(.put, path, MetadataRequest(metadata))
            }
        return answer.result
    }

    public func write(
        _ write: VectorWrite, if condition: VersionCondition, in database: String
    ) async throws(JadeError) -> WriteResult {
        try condition.validate()
        var request = Request(method: .put, path: Path.vector(write.id, database))
        switch write {
        case .upsert(let vector): request.body = WireJSON.encode(vector)
        case .delete: request.method = .delete
        case .updateMetadata(let change, _):
            request.path += "/metadata"
            if case .merge = change { request.method = .patch }
            request.body = WireJSON.encode(MetadataRequest(change))
        }
        request.headers = condition.header
        // A second time it would be refused for what the first one did.
        request.repeatable = false
        let done: WriteAnswer = try answer(try await transport.send(request))
        return done.result
    }

    public func vectors(
        _ ids: [VectorID], in database: String, parts: VectorParts
    ) async throws(JadeError) -> [StoredVector] {
        let list = try await ask(
            Path.vectors(database) + "/batch/get", GetRequest(ids, parts: parts), prefers: parts.frameType
        ) { (bytes) throws(JadeError) in VectorList(try ScrollPage(frame: bytes).vectors) }
        return list.vectors
    }

    public func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        try await ask(
            Path.vectors(database) + "/scroll", request, prefers: request.parts.frameType
        ) { (bytes) throws(JadeError) in try ScrollPage(frame: bytes) }
    }

    public func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        let answer: CountAnswer = try await ask(.post, Path.vectors(database) + "/count", CountRequest(filter))
        return answer.count
    }
}

extension VectorParts {
    /// The type of an answer in bytes; nil where there are no values to send so, or something that a frame has no place for.
    fileprivate var frameType: String? { contains(.values) && !contains(.version) ? FrameType.vectors : nil }
}

extension VersionCondition {
    /// The condition as RFC 9110 has it.
    fileprivate var header: [String: String] {
        switch self {
        case .exists: ["if-match": "*"]
        case .absent: ["if-none-match": "*"]
        case .matches(let versions): ["if-match": versions.map { "\"\($0)\"" }.joined(separator: ", ")]
        }
    }
}
