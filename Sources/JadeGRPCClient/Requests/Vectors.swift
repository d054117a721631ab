internal import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    private static func path(_ method: String) -> String { "/jadevectordb.v1.VectorService/\(method)" }

    public func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        WriteResult(try await transport.unary(Self.path("Upsert"), ProtoUpsertRequest(vectors, into: database)))
    }

    public func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult {
        WriteResult(try await transport.unary(Self.path("Delete"), ProtoDeleteRequest(ids, from: database)))
    }

    public func updateMetadata(
        _ change: MetadataChange, of id: VectorID, in database: String
    ) async throws(JadeError) -> WriteResult {
        WriteResult(
            try await transport.unary(Self.path("UpdateMetadata"), ProtoUpdateMetadataRequest(change, of: id, in: database)))
    }

    public func write(
        _ write: VectorWrite, if condition: VersionCondition, in database: String
    ) async throws(JadeError) -> WriteResult {
        try condition.validate()
        let result: ProtoWriteResult
        // A second time it would be refused for what the first one did, so none is repeated.
        switch write {
        case .upsert(let vector):
            var request = ProtoUpsertRequest([vector], into: database)
            request.condition = ProtoCondition(condition)
            result = try await transport.unary(Self.path("Upsert"), request, repeatable: false)
        case .delete(let id):
            var request = ProtoDeleteRequest([id], from: database)
            request.condition = ProtoCondition(condition)
            result = try await transport.unary(Self.path("Delete"), request, repeatable: false)
        case .updateMetadata(let change, let id):
            var request = ProtoUpdateMetadataRequest(change, of: id, in: database)
            request.condition = ProtoCondition(condition)
            result = try await transport.unary(Self.path("UpdateMetadata"), request, repeatable: false)
        }
        return WriteResult(result)
    }

    public func vectors(
        _ ids: [VectorID], in database: String, parts: VectorParts
    ) async throws(JadeError) -> [StoredVector] {
        let answer: ProtoGetResponse = try await transport.unary(
            Self.path("Get"), ProtoGetRequest(ids, in: database, parts: parts))
        var vectors: [StoredVector] = []
        for vector in answer.vectors { vectors.append(try StoredVector(vector)) }
        return vectors
    }

    public func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        try ScrollPage(try await transport.unary(Self.path("Scroll"), try ProtoScrollRequest(request, in: database)))
    }

    public func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        let answer: ProtoCountResponse = try await transport.unary(Self.path("Count"), ProtoCountRequest(filter, in: database))
        return Int(clamping: answer.count)
    }

    public func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        if requests.count == 1 {
            return [
                try SearchResponse(
                    try await transport.unary("/jadevectordb.v1.SearchService/Search", ProtoSearchRequest(requests[0], in: database)))
            ]
        }
        let answer: ProtoSearchBatchResponse = try await transport.unary(
            "/jadevectordb.v1.SearchService/SearchBatch", ProtoSearchBatchRequest(requests, in: database))
        var responses: [SearchResponse] = []
        for response in answer.responses { responses.append(try SearchResponse(response)) }
        return responses
    }
}
