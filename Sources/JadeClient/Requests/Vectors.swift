internal import JadeAPI
public import JadeCore

extension JadeClient {
    public func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        let answer: WriteAnswer = try await ask(.post, Path.vectors(database), UpsertRequest(vectors))
        return answer.result
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

    public func vectors(
        _ ids: [VectorID], in database: String, parts: VectorParts
    ) async throws(JadeError) -> [StoredVector] {
        let list: VectorList = try await ask(.post, Path.vectors(database) + "/batch/get", GetRequest(ids, parts: parts))
        return list.vectors
    }

    public func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        try await ask(.post, Path.vectors(database) + "/scroll", request)
    }

    public func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        let answer: CountAnswer = try await ask(.post, Path.vectors(database) + "/count", CountRequest(filter))
        return answer.count
    }
}
