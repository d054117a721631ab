import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

/// Searches for all within a radius, and searches that say how much they want to find.
@Suite("Radius and recall", .timeLimit(.minutes(10)))
struct WithinTests {
    private static let settings = [
        IndexSettings(kind: .flat), IndexSettings(m: 12, efConstruction: 100), IndexSettings(m: 12, efConstruction: 100, quantization: .sq8),
        IndexSettings(nlist: 60, nprobe: 12), IndexSettings(nlist: 60, nprobe: 12, quantization: .pq),
    ]

    private struct Filled {
        let folder = DataFolder()
        let engine: Engine
        var model: Model
        let vectors: TestVectors

        init(_ settings: IndexSettings, _ metric: Metric, count: Int) async throws {
            vectors = TestVectors(count: count, queries: 100, dimension: 20, seed: 17)
            model = Model(metric: metric)
            engine = try folder.open()
            _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 20, metric: metric, index: settings))
            for start in stride(from: 0, to: count, by: 200) {
                let records = (start..<start + 200).map {
                    VectorRecord(id: VectorID(UInt64($0)), values: vectors.row($0), metadata: ["third": .bool($0 % 3 == 0)])
                }
                _ = try await engine.upsert(records, into: "docs")
                for record in records { model.vectors[record.id] = record }
            }
            let gone = (0..<100).map { VectorID(UInt64($0 * 7)) }
            _ = try await engine.delete(gone, from: "docs")
            for id in gone { model.vectors[id] = nil }
            _ = try await poll("the index") { [engine] () async throws -> Bool? in
                let index = try await engine.describeDatabase("docs").index
                return index.pending == 0 && (index.training?.state ?? .trained) == .trained ? true : nil
            }
        }
    }

    @Test("all within a radius are found, page by page, and no others", arguments: settings, Metric.ofProducts)
    func radius(_ settings: IndexSettings, _ metric: Metric) async throws {
        let filled = try await Filled(settings, metric, count: 4_000)
        let third = Filter.equals(try FieldPath("third"), .bool(true))
        var (found, wanted) = (0, 0)
        for (query, rank) in [(0, 3), (1, 37), (2, 180), (3, 700), (4, 3_000)] {
            for filter in [nil, third] {
                let values = filled.vectors.query(query)
                let all = filled.model.nearest(values, 4_000, filter)
                let expected = Array(all.prefix(filter == nil ? rank : rank / 3))
                guard let last = expected.last else { continue }
                // Between the last one and the next, so that rounding decides nothing.
                let radius = Float((last.score + all[expected.count].score) / 2)
                let request = SearchRequest(query: .values(values), topK: 50, filter: filter, radius: radius)
                var pages: [SearchHit] = []
                var total = 0
                repeat {
                    var next = request
                    next.offset = pages.count
                    let page = try await filled.engine.search(next, in: "docs")
                    let all = try #require(page.total)
                    #expect(pages.isEmpty || all == total || settings.kind != .flat)
                    #expect(page.results.count == min(50, all - pages.count))
                    total = all
                    pages += page.results
                    if page.results.isEmpty { break }
                } while pages.count < total
                #expect(Set(pages.map(\.id)).isSubset(of: Set(expected.map(\.id))))
                #expect(zip(pages, pages.dropFirst()).allSatisfy { metric.largerIsCloser ? $0.score >= $1.score : $0.score <= $1.score })
                if settings.kind == .flat { #expect(total == expected.count) }
                found += Set(pages.map(\.id)).count
                wanted += expected.count
            }
        }
        #expect(Double(found) / Double(wanted) >= (settings.kind == .flat ? 1 : 0.97), "\(found) of \(wanted)")
        let query = filled.vectors.query(0)
        let none = try await filled.engine.search(
            SearchRequest(query: .values(query), radius: metric == .euclidean ? 1e-3 : 1e9), in: "docs")
        #expect(none.total == 0 && none.results.isEmpty)
        let own = try await filled.engine.search(SearchRequest(query: .id(1), topK: 10_000, radius: metric == .euclidean ? 1e9 : -1e9), in: "docs")
        #expect(own.total == 3_899 && own.results.count == 3_899 && own.results.allSatisfy { $0.id != 1 })
        let refused = await #expect(throws: JadeError.self) {
            _ = try await filled.engine.search(SearchRequest(query: .values(query), offset: 5), in: "docs")
        }
        #expect(refused?.message.hasPrefix("offset is 5, which needs a radius") == true)
        filled.engine.shutdown()
    }

    @Test("a recall that is asked for is reached, with no more effort than it takes", arguments: Array(settings.dropFirst()))
    func recall(_ settings: IndexSettings) async throws {
        let filled = try await Filled(settings, .euclidean, count: 4_000)
        #expect(try await filled.engine.describeDatabase("docs").index.calibration == nil)
        var efforts: [Int] = []
        for recall in [0.6, 0.9, 0.99] {
            var found = 0
            for query in 0..<100 {
                let values = filled.vectors.query(query)
                let response = try await filled.engine.search(
                    SearchRequest(query: .values(values), explain: true, recall: recall), in: "docs")
                let expected = Set(filled.model.nearest(values, 10, nil).map(\.id))
                found += expected.intersection(response.results.map(\.id)).count
                if query == 0 { efforts.append(try #require(response.plan?.nprobe ?? response.plan?.efSearch)) }
            }
            #expect(Double(found) / 1_000 >= recall - 0.05, "\(found) of 1,000 where \(recall) was asked for")
        }
        let calibration = try #require(try await filled.engine.describeDatabase("docs").index.calibration)
        // A good graph may find nearly all with the least effort.
        let least = try #require(calibration.points.first { $0.effort == efforts[0] })
        #expect(efforts == efforts.sorted() && (efforts[0] < efforts[2] || least.recall >= 0.99), "\(efforts)")
        #expect(calibration.queries == 128 && calibration.effort(for: 0.9) == efforts[1])
        #expect(calibration.points.map(\.effort) == calibration.points.map(\.effort).sorted())
        let refused = await #expect(throws: JadeError.self) {
            _ = try await filled.engine.search(SearchRequest(query: .id(1), efSearch: 3, recall: 0.9), in: "docs")
        }
        #expect(refused == .invalidArgument("search has both \"recall\" and \"ef_search\", expected one of them"))
        filled.engine.shutdown()
    }
}
