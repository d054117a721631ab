import JadeAPI
import JadeCore

/// Reads batches and keeps several of them under way.
struct Importer {
    /// Bytes of one request aimed at, well below what a server accepts; a number takes about 12 as JSON.
    static let targetBatchBytes = 16 << 20

    let service: any DatabaseService
    let database: String
    let batchSize: Int
    let parallel: Int

    /// Stores all that is left of the source and gives back how many vectors that were.
    ///
    /// - Parameters:
    ///   - done: Vectors at the front that are passed over.
    ///   - acknowledged: Called with how many vectors from the front are stored without a gap.
    func run(_ source: any RecordSource, after done: Int, acknowledged: (Int) -> Void) async throws -> Int {
        for _ in 0..<done { guard try source.next() != nil else { break } }
        var position = done
        var finished = FinishedRanges(start: done)
        try await withThrowingTaskGroup(of: Range<Int>.self) { group in
            var underWay = 0
            while true {
                let batch = try nextBatch(source, at: position)
                if !batch.isEmpty {
                    let range = position..<position + batch.count
                    group.addTask { try await store(batch, range) }
                    underWay += 1
                    position = range.upperBound
                }
                guard underWay > 0 else { return }
                if underWay >= parallel || batch.isEmpty, let range = try await group.next() {
                    underWay -= 1
                    acknowledged(finished.add(range))
                }
            }
        }
        return position - done
    }

    private func nextBatch(_ source: any RecordSource, at position: Int) throws(JadeError) -> [VectorRecord] {
        var batch: [VectorRecord] = []
        var limit = batchSize
        while batch.count < limit {
            do {
                guard let record = try source.next() else { break }
                batch.append(record)
                limit = min(batchSize, max(1, Self.targetBatchBytes / (record.values.count * 12 + 1)))
            } catch {
                // What was read before the fault is not stored: the fault has to be mended and the import run again anyway.
                throw JadeError(error.code, "vector \(position + batch.count): \(error.message)")
            }
        }
        return batch
    }

    private func store(_ batch: [VectorRecord], _ range: Range<Int>) async throws(JadeError) -> Range<Int> {
        do {
            _ = try await service.upsert(batch, into: database)
            return range
        } catch {
            throw JadeError(error.code, "vectors \(range.lowerBound) to \(range.upperBound - 1): \(error.message)")
        }
    }
}

/// Which part from the front is complete, when the parts end in any order.
struct FinishedRanges {
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
