internal import JadeCore

/// What requests need of the memory while they run, in bytes: estimates from above for values, typical for metadata.
enum MemoryNeeds {
    /// A vector's fixed part: id, headers of its arrays, its place in a batch.
    private static let vectorBytes = 256
    /// Metadata of one vector in an answer, of which only the limit is known beforehand.
    private static let metadataBytes = 1_024
    /// A candidate of a search, with its place among those seen.
    private static let candidateBytes = 32

    /// Values are in the request, in the log's record and on their way to the rows.
    static func upsert(_ vectors: [VectorRecord], encodedMetadata: Int, dimension: Int) -> Int {
        vectors.count * (vectorBytes + 3 * 4 * dimension) + 4 * encodedMetadata
    }

    static func vectors(_ count: Int, _ parts: VectorParts, dimension: Int) -> Int {
        let values = parts.contains(.values) ? 4 * dimension : 0
        return count * (vectorBytes + values + (parts.contains(.metadata) ? metadataBytes : 0))
    }

    static func searches(_ requests: [SearchRequest], dimension: Int, rows: Int) -> Int {
        requests.reduce(0) { sum, request in
            let found = min(request.topK, rows)
            let compared = Int(Double(request.topK) * (request.oversampling ?? 1))
            let candidates = min(max(request.efSearch ?? 0, compared), rows) * candidateBytes
            return sum + vectors(found, request.parts, dimension: dimension) + candidates + (request.filter == nil ? 0 : rows / 4)
        }
    }
}
