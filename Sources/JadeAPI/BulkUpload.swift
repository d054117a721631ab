public import JadeCore

/// Stores any number of vectors in batches, several of them under way at once.
///
/// Batches may be stored in any order: of two vectors with one id in different batches either may be the one that stays.
public struct BulkUpload: Sendable {
    /// Bytes of one request aimed at, well below what a server accepts; a number takes about 12 as JSON.
    private static let targetBatchBytes = 16 << 20

    public let service: any DatabaseService
    public let database: String
    /// Vectors of one request; fewer where they are long.
    public let batchSize: Int
    /// Requests under way at once.
    public let parallel: Int

    public init(_ service: any DatabaseService, database: String, batchSize: Int = 500, parallel: Int = 4) {
        self.service = service
        self.database = database
        self.batchSize = max(batchSize, 1)
        self.parallel = max(parallel, 1)
    }

    /// Stores all that `next` still gives, and gives back how many vectors that were. At the first error nothing more is sent; what is
    /// stored stays.
    ///
    /// - Parameters:
    ///   - done: Vectors at the front that are passed over: those of an earlier run.
    ///   - next: The next vector; nil at the end.
    ///   - acknowledged: Called with how many vectors from the front are stored without a gap.
    public func run(
        after done: Int = 0, next: () throws(JadeError) -> VectorRecord?, acknowledged: (Int) -> Void = { _ in }
    ) async throws(JadeError) -> Int {
        for _ in 0..<done { guard try next() != nil else { break } }
        let outcome = await withTaskGroup(of: Result<Range<Int>, JadeError>.self) { group -> Result<Int, JadeError> in
            do throws(JadeError) {
                var position = done
                var finished = FinishedRanges(start: done)
                var underWay = 0
                while true {
                    let batch = try nextBatch(next, at: position)
                    if !batch.isEmpty {
                        let range = position..<position + batch.count
                        group.addTask { await store(batch, range) }
                        underWay += 1
                        position = range.upperBound
                    }
                    guard underWay > 0 else { return .success(position - done) }
                    if underWay >= parallel || batch.isEmpty, let stored = await group.next() {
                        underWay -= 1
                        acknowledged(finished.add(try stored.get()))
                    }
                }
            } catch {
                group.cancelAll()
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func nextBatch(_ next: () throws(JadeError) -> VectorRecord?, at position: Int) throws(JadeError) -> [VectorRecord] {
        var batch: [VectorRecord] = []
        var limit = batchSize
        while batch.count < limit {
            do {
                guard let record = try next() else { break }
                batch.append(record)
                limit = min(batchSize, max(1, Self.targetBatchBytes / (record.values.count * 12 + 1)))
            } catch {
                // What was read before the fault is not stored: the fault has to be mended and the upload run again anyway.
                throw JadeError(error.code, "vector \(position + batch.count): \(error.message)")
            }
        }
        return batch
    }

    private func store(_ batch: [VectorRecord], _ range: Range<Int>) async -> Result<Range<Int>, JadeError> {
        do throws(JadeError) {
            _ = try await service.upsert(batch, into: database)
            return .success(range)
        } catch {
            return .failure(JadeError(error.code, "vectors \(range.lowerBound) to \(range.upperBound - 1): \(error.message)"))
        }
    }
}

extension DatabaseService {
    /// Stores any number of vectors in batches, several under way at once; see ``BulkUpload``.
    ///
    /// - Parameter progress: Called with how many vectors from the front are stored without a gap.
    /// - Returns: how many there were.
    public func upload(
        _ vectors: some Sequence<VectorRecord>, into database: String, batchSize: Int = 500, parallel: Int = 4,
        progress: (Int) -> Void = { _ in }
    ) async throws(JadeError) -> Int {
        var iterator = vectors.makeIterator()
        return try await BulkUpload(self, database: database, batchSize: batchSize, parallel: parallel)
            .run(next: { () throws(JadeError) in iterator.next() }, acknowledged: progress)
    }
}

/// Which part from the front is complete, when the parts end in any order.
private struct FinishedRanges {
    private var front: Int
    private var later: [Int: Int] = [:]

    init(start: Int) { front = start }

    /// Where the gapless part ends now.
    mutating func add(_ range: Range<Int>) -> Int {
        later[range.lowerBound] = range.upperBound
        while let end = later.removeValue(forKey: front) { front = end }
        return front
    }
}
