import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Synchronization
import Testing

/// Rows in plain memory and an IVF index over them.
final class ListedVectors {
    let vectors: TestVectors
    let rows: RowSource
    let kernels: Kernels
    let lists: IVFSettings
    let index: IVFIndex
    private let memory: FloatMatrix
    private let scales: FloatMatrix
    /// Ordinals that are in the index.
    private(set) var present: Set<UInt32> = []

    init(
        _ metric: Metric, _ code: IVFSettings.Code, count: Int = 6000, dimension: Int = 32, nlist: Int = 40, seed: UInt64 = 51
    ) throws {
        kernels = try Kernels.selected()
        vectors = TestVectors(count: count, queries: 30, dimension: dimension, seed: seed)
        memory = FloatMatrix(vectors.rows, dimension: dimension)
        scales = FloatMatrix(count: 1, dimension: count)
        for row in 0..<count { scales.base[row] = RowSource.scale(of: memory.row(row), dimension: dimension, kernels: kernels) }
        rows = RowSource(
            base: memory.base, stride: dimension * 4, dimension: dimension, metric: metric,
            scales: metric == .cosine ? UnsafePointer(scales.base) : nil)
        lists = IVFSettings(nlist: nlist, code: code)
        index = try IVFIndex(rows: rows, settings: IndexSettings(), lists: lists, kernels: kernels)
    }

    func add(_ range: Range<Int>, threads: Int = 2) throws {
        try index.build(range, workers: .system(threads), include: { _ in true }, progress: nil)
        present.formUnion(range.map(UInt32.init))
    }

    /// Moves rows, which are not in the index yet, to where no others are.
    func move(_ range: Range<Int>, by distance: Float) {
        for row in range { for component in 0..<vectors.dimension { memory.row(row)[component] += distance } }
    }

    func remove(_ ordinals: [UInt32]) {
        #expect(index.remove(ordinals) == present.intersection(ordinals).count)
        present.subtract(ordinals)
    }

    static var everything: Visibility { Visibility(stamps: nil, sequence: .max) }

    func search(
        _ query: Int, k: Int = 10, nprobe: Int = 12, in index: IVFIndex? = nil, _ visibility: Visibility = everything, hidden: Double = 0,
        below limit: UInt32 = .max
    ) -> [Neighbor] {
        vectors.query(query).withUnsafeBufferPointer {
            (index ?? self.index).search(
                $0.baseAddress!, k: k, nprobe: nprobe, candidates: 10 * k, visibility, hidden: hidden, below: limit)
        }
    }

    /// The nearest of those that are in the index and that `isAllowed` admits.
    func exact(_ query: Int, k: Int = 10, isAllowed: (UInt32) -> Bool = { _ in true }) -> [UInt32] {
        present.filter(isAllowed)
            .map { (referenceDistance(rows.metric, vectors.query(query), vectors.row(Int($0))), $0) }
            .sorted { $0 < $1 }.prefix(k).map(\.1)
    }

    /// Recall over all queries; every result is checked to be in the index, once, in order and at its true distance.
    func recall(nprobe: Int = 12, in index: IVFIndex? = nil) -> Double {
        var found = 0
        for query in 0..<vectors.queryCount {
            let results = search(query, nprobe: nprobe, in: index)
            check(results, query)
            found += Set(results.map(\.ordinal)).intersection(exact(query)).count
        }
        return Double(found) / Double(10 * vectors.queryCount)
    }

    func check(_ results: [Neighbor], _ query: Int) {
        #expect(Set(results.map(\.ordinal)).count == results.count)
        #expect(zip(results, results.dropFirst()).allSatisfy { ($0.distance, $0.ordinal) < ($1.distance, $1.ordinal) })
        for result in results {
            #expect(present.contains(result.ordinal))
            let wanted = referenceDistance(rows.metric, vectors.query(query), vectors.row(Int(result.ordinal)))
            #expect(abs(Double(result.distance) - wanted) < 1e-4 * max(1, abs(wanted)))
        }
    }
}

@Suite("IVF index")
struct IVFIndexTests {
    static let codes: [IVFSettings.Code] = [.flat, .sq8, .sq4, .pq(subspaces: 16), .rabitq(.rabitq1), .rabitq(.rabitq4)]
    static let cases = Metric.ofProducts.flatMap { metric in codes.map { (metric, $0) } }

    @Test("recall holds after build, training, insertion, removal, retraining and reload", arguments: cases)
    func recall(metric: Metric, code: IVFSettings.Code) throws {
        let listed = try ListedVectors(metric, code)
        try listed.add(0..<3000)
        #expect(listed.recall() >= 0.99)
        #expect(listed.index.condition.advice == .train)
        try listed.index.train(workers: .system(2))
        #expect(listed.index.condition.advice == .none)
        #expect(listed.recall() >= 0.93)
        try listed.add(3000..<6000)
        #expect(listed.index.count == 6000)
        #expect(listed.recall() >= 0.93)
        listed.remove((0..<6000 as Range<UInt32>).filter { $0 % 3 == 0 })
        #expect(listed.index.count == 4000)
        #expect(listed.recall() >= 0.93)
        try listed.index.train(workers: .system(2))
        #expect(listed.recall() >= 0.93)
        let folder = try TemporaryFolder()
        try listed.index.save(to: folder.path("lists"), sequence: 9, files: LocalFileSystem())
        let loaded = try listed.load(folder.path("lists"))
        #expect(loaded.sequence == 9 && loaded.extent == 6000 && loaded.index.count == 4000)
        for query in 0..<30 { #expect(listed.search(query, in: loaded.index) == listed.search(query)) }
        #expect(listed.recall(in: loaded.index) >= 0.93)
    }

    @Test("all lists together hold the nearest", arguments: cases)
    func allLists(metric: Metric, code: IVFSettings.Code) throws {
        let listed = try ListedVectors(metric, code, count: 3000)
        try listed.add(0..<3000)
        try listed.index.train(workers: .system(1))
        #expect(listed.recall(nprobe: 40) >= (code == .flat ? 0.99 : 0.98))
        #expect(listed.index.model.nlist == 40)
    }

    @Test("a batch gives what its queries give alone", arguments: cases)
    func batch(metric: Metric, code: IVFSettings.Code) throws {
        let listed = try ListedVectors(metric, code)
        try listed.add(0..<6000)
        try listed.index.train(workers: .system(2))
        let batch = listed.vectors.queries.withUnsafeBufferPointer {
            listed.index.searchBatch(
                $0.baseAddress!, count: 30, k: 10, nprobe: 12, candidates: 100, ListedVectors.everything, hidden: 0, below: .max)
        }
        // Codes that tie at the end of the candidates may be others in another order of lists: nearly all answers are the same.
        var same = 0
        for query in 0..<30 {
            listed.check(batch[query], query)
            same += Set(batch[query]).intersection(listed.search(query)).count
        }
        #expect(batch.count == 30 && same >= 298)
    }

    @Test("a filter is kept, and k rows come whenever k match", arguments: codes)
    func filtered(code: IVFSettings.Code) throws {
        let listed = try ListedVectors(.euclidean, code, count: 3000)
        try listed.add(0..<3000)
        try listed.index.train(workers: .system(1))
        for every in [2, 10, 100, 290] {
            let allowed = (0..<47).map { word in
                (0..<64).reduce(UInt64(0)) { (word * 64 + $1) % every == 0 ? $0 | 1 << UInt64($1) : $0 }
            }
            allowed.withUnsafeBufferPointer { words in
                let visibility = Visibility(stamps: nil, sequence: .max, allowed: words.baseAddress, allowedWords: words.count)
                for query in 0..<10 {
                    let results = listed.search(query, nprobe: 1, visibility, hidden: 1 - 1 / Double(every))
                    #expect(results.count == 10)
                    #expect(results.allSatisfy { Int($0.ordinal) % every == 0 })
                    let all = listed.search(query, nprobe: 40, visibility, hidden: 0.5)
                    let exact = listed.exact(query) { Int($0) % every == 0 }
                    #expect(Set(all.map(\.ordinal)).intersection(exact).count >= 9)
                }
            }
        }
        #expect(listed.search(0, k: 2999, nprobe: 1, below: 2500).count == 2500)
        #expect(listed.search(0, k: 4000, nprobe: 1).count == 3000)
    }

    @Test("rows taken out leave, their memory too, and may come again", arguments: codes)
    func removal(code: IVFSettings.Code) throws {
        let listed = try ListedVectors(.euclidean, code)
        try listed.add(0..<6000)
        try listed.index.train(workers: .system(2))
        let full = listed.index.memoryBytes
        listed.remove(Array(600..<6000 as Range<UInt32>))
        #expect(listed.index.count == 600 && !listed.index.contains(600) && listed.index.contains(599))
        // What remains beside a tenth of the entries: the model and a word a row.
        let fixed = 6000 * 4 + 40 * (32 * 4 + 80 + 600)
        #expect(listed.index.memoryBytes - fixed < (full - fixed) / 4 || code == .flat)
        #expect(listed.recall(nprobe: 40) >= 0.98)
        try listed.index.build((600..<6000).map(UInt32.init), workers: .system(2), include: { $0 % 2 == 0 })
        #expect(listed.index.count == 600 + 2700 && listed.index.contains(602) && !listed.index.contains(603))
        #expect(listed.index.remove([603, 7000, 602, 602]) == 1)
        let before = listed.index.changes
        let removal = try #require(listed.index.removal(of: Array(0..<6000)))
        var steps = 1
        while !removal.advance(workers: .system(1)) { steps += 1 }
        #expect(steps == 2 && listed.index.count == 0 && listed.index.changes == before + 3299)
        #expect(listed.search(0).isEmpty)
    }

    @Test("rows that have become others are noticed")
    func drift() throws {
        let listed = try ListedVectors(.euclidean, .flat)
        try listed.add(0..<3000)
        try listed.index.train(workers: .system(1))
        #expect(listed.index.condition.addedError == nil)
        try listed.add(3000..<4000)
        #expect(listed.index.condition.advice == .none)
        let trained = listed.index.condition.trainedError
        #expect(try #require(listed.index.condition.addedError) < 1.4 * trained)
        listed.move(4000..<6000, by: 5)
        try listed.add(4000..<6000)
        #expect(listed.index.condition.advice == .retrainDrifted)
        listed.index.trainIfAdvised(workers: .system(1))
        #expect(listed.index.condition.trainings == 2 && listed.index.condition.state == .trained)
        #expect(listed.index.condition.advice == .none && listed.index.condition.failedTrainings == 0)
        #expect(listed.index.condition.trainedError != trained)
    }

    @Test("training that is given up changes nothing")
    func cancelled() throws {
        let listed = try ListedVectors(.euclidean, .pq(subspaces: 16), count: 3000)
        try listed.add(0..<3000)
        try listed.index.train(workers: .system(1))
        let before = (0..<30).map { listed.search($0) }
        for stage in [TrainingProgress.Stage.seeding, .clustering, .encoding] {
            let error = #expect(throws: JadeError.self) {
                try listed.index.train(workers: .system(2), watch: TrainingWatch { $0.stage != stage })
            }
            #expect(error?.code == .cancelled)
            #expect((0..<30).map { listed.search($0) } == before)
        }
        listed.remove([1, 2, 3])
        #expect(listed.recall() >= 0.93)
    }

    @Test("what comes and goes while rows are sorted anew is in the new lists or not", arguments: codes)
    func duringTraining(code: IVFSettings.Code) throws {
        // Two steps of sorting, and changes before, between and behind what they have passed.
        let listed = try ListedVectors(.euclidean, code, count: 12_000, dimension: 16)
        try listed.add(0..<10_000)
        listed.remove([5, 9_990])
        let training = try #require(listed.index.training())
        #expect(listed.index.condition.state == .training && listed.index.condition.progress?.stage == "seeding")
        try listed.add(10_000..<10_500)
        listed.remove([7, 9_991])
        try training.learn(workers: .system(2))
        #expect(!listed.index.model.isTrained)
        let exact = (0..<5).map { listed.search($0) }
        #expect(try !training.advance(workers: .system(2)))
        #expect(listed.index.condition.progress?.stage == "encoding")
        for query in 0..<5 { #expect(exact[query] == listed.search(query)) }
        try listed.add(10_500..<12_000)
        listed.remove([8, 9_992, 10_001, 11_000])
        try listed.index.build([5, 9_990], workers: .system(1), include: { _ in true })
        #expect(try training.advance(workers: .system(2)))
        #expect(listed.index.condition.state == .trained && listed.index.condition.trainings == 1)
        #expect(listed.index.count == 12_000 - 6)
        let everything = listed.search(0, k: 12_000, nprobe: 40)
        #expect(Set(everything.map(\.ordinal)) == Set(0..<12_000).subtracting([7, 8, 9_991, 9_992, 10_001, 11_000]))
        #expect(everything.count == 12_000 - 6)
    }

    @Test("without comparing with rows, distances are those of codes", arguments: codes)
    func codesAlone(code: IVFSettings.Code) throws {
        let listed = try ListedVectors(.euclidean, code)
        try listed.add(0..<6000)
        try listed.index.train(workers: .system(2))
        var (found, differing, wrong) = (0, 0, 0)
        for query in 0..<30 {
            let coded = listed.vectors.query(query).withUnsafeBufferPointer {
                listed.index.search(
                    $0.baseAddress!, k: 10, nprobe: 40, candidates: 10, rescore: false, ListedVectors.everything, hidden: 0, below: .max)
            }
            #expect(coded.count == 10 && zip(coded, coded.dropFirst()).allSatisfy { $0.distance <= $1.distance })
            found += Set(coded.map(\.ordinal)).intersection(listed.exact(query)).count
            for neighbor in coded {
                let wanted = referenceDistance(.euclidean, listed.vectors.query(query), listed.vectors.row(Int(neighbor.ordinal)))
                if abs(Double(neighbor.distance) - wanted) > 1e-4 * max(1, wanted) { differing += 1 }
                if abs(Double(neighbor.distance) - wanted) > 0.5 * max(1, wanted) { wrong += 1 }
            }
        }
        #expect(found >= (code == .rabitq(.rabitq1) ? 120 : 200), "\(found)")
        #expect(code == .flat ? differing == 0 : differing > 100)
        // One bit says little in 32 dimensions; a distance that is systematically off would be wrong everywhere.
        #expect(wrong <= (code == .rabitq(.rabitq1) ? 100 : 10), "\(wrong)")
    }

    @Test("searches run beside insertions, removals and training, and miss nothing that stays", arguments: codes)
    func concurrent(code: IVFSettings.Code) throws {
        let listed = try ListedVectors(.euclidean, code)
        try listed.add(0..<3000)
        try listed.index.train(workers: .system(1))
        let (index, rows) = (listed.index, listed.rows)
        let found = Atomic(0)
        let missed = Atomic(0)
        let isDone = Atomic(false)
        BuildWorkers.system(3).forEachBlock(of: 1, in: 3) { block, _ in
            guard block > 0 else {
                for start in stride(from: 3000, to: 6000, by: 200) {
                    try? index.build(start..<start + 200, workers: .system(1), include: { _ in true }, progress: nil)
                    index.remove((UInt32(start)..<UInt32(start + 100)).map { $0 })
                    if start == 4000 { try? index.train(workers: .system(1)) }
                }
                return isDone.store(true, ordering: .releasing)
            }
            var random = SeededRandom(seed: UInt64(block))
            repeat {
                let ordinal = UInt32.random(in: 0..<3000, using: &random)
                let nearest = index.search(
                    rows.row(ordinal), k: 1, nprobe: 8, candidates: 30, Visibility(stamps: nil, sequence: .max), hidden: 0, below: .max)
                if nearest.first?.distance == 0 {
                    found.wrappingAdd(1, ordering: .relaxed)
                } else {
                    missed.wrappingAdd(1, ordering: .relaxed)
                }
            } while !isDone.load(ordering: .acquiring)
        }
        #expect(found.load(ordering: .relaxed) > 0 && missed.load(ordering: .relaxed) == 0)
        #expect(index.count == 4500)
    }

    @Test("settings out of their ranges are refused")
    func badSettings() throws {
        for lists in [IVFSettings(nlist: -1), IVFSettings(nlist: 65_537), IVFSettings(code: .pq(subspaces: -1))] {
            #expect(throws: JadeError.self) { try lists.validate() }
        }
    }
}
