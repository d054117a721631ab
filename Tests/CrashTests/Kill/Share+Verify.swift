import JadeAPI
import JadeCore

extension Share {
    /// Compares with what is there, and takes over which way the write under way has gone.
    mutating func settle(_ found: [VectorID: VectorRecord]) throws {
        guard found != vectors else { return pending = nil }
        var after = self
        if let pending { after.apply(pending) }
        guard found == after.vectors else { throw Wrong(difference(found, after.vectors)) }
        vectors = found
        pending = nil
    }

    private func difference(_ found: [VectorID: VectorRecord], _ after: [VectorID: VectorRecord]) -> String {
        let touched = pending.map { Set($0.keys) } ?? []
        let wrong = Set(found.keys).union(vectors.keys).filter { found[$0] != vectors[$0] }
        let example = wrong.subtracting(touched).first ?? wrong.first
        let shown = example.map { id in
            "vector \(id) is \(found[id].map { "\($0.metadata)" } ?? "absent"), expected \(vectors[id].map { "\($0.metadata)" } ?? "absent")"
        }
        let half = touched.filter { found[$0] == after[$0] && found[$0] != vectors[$0] }.count
        return "share \(number) of \(database): \(wrong.count) vectors differ, \(half) of the \(touched.count) under way are there: \(shown ?? "")"
    }

    /// Every live vector is its own nearest neighbour; how many searches went through the graph, and how many of them
    /// missed. A graph of this kind may have a node in a great many that no link leads to any more; without the graph
    /// nothing may be missed.
    func verifySearches(_ service: any DatabaseService, exact: Bool) async throws -> (graph: Int, missed: Int) {
        var (graphs, missed) = (0, 0)
        let all = Array(vectors.values)
        for start in stride(from: 0, to: all.count, by: 250) {
            let part = all[start..<min(start + 250, all.count)]
            let requests = part.map {
                SearchRequest(query: .values($0.values), topK: 1, efSearch: 400, exact: exact, explain: true)
            }
            let responses = try await service.search(requests, in: database)
            for (record, response) in zip(part, responses) {
                if response.plan?.strategy == .graph { graphs += 1 }
                if response.results.map(\.id) == [record.id] { continue }
                missed += 1
                guard response.plan?.strategy == .graph, missed <= 1 + all.count / 500 else {
                    throw Wrong(
                        "vector \(record.id) of \(database) is not its own nearest neighbour but \(response.results), plan \(response.plan.debugDescription)")
                }
            }
        }
        return (graphs, missed)
    }

    /// Filters find exactly what the metadata says.
    func verifyFilters(_ service: any DatabaseService) async throws {
        let own = Filter.equals(try FieldPath("share"), .integer(Int64(number)))
        let filters: [Filter] = [
            own, .and([own, .equals(try FieldPath("tag"), .string("red"))]), .and([own, .not(.exists(try FieldPath("tag"), true))]),
            .and([own, .range(try FieldPath("n"), .number(lower: .init(3, inclusive: true), upper: .init(7, inclusive: false)))]),
            .and([own, .equals(try FieldPath("batch"), .integer(Int64(batches)))]),
        ]
        for filter in filters {
            let matching = vectors.values.filter { filter.matches($0.metadata) }
            let count = try await service.count(matching: filter, in: database)
            guard count == matching.count else { throw Wrong("\(count) vectors of \(database) match \(filter), expected \(matching.count)") }
            let found = try await service.search(
                SearchRequest(query: .values([Float](repeating: 0.5, count: Self.dimension)), topK: 50, filter: filter, parts: [.metadata]),
                in: database)
            guard found.results.count == min(50, matching.count),
                found.results.allSatisfy({ vectors[$0.id].map { filter.matches($0.metadata) } == true && vectors[$0.id]?.metadata == $0.metadata })
            else { throw Wrong("a search in \(database) with \(filter) gives \(found.results)") }
        }
    }

    /// Reading by id finds what lives and nothing else.
    func verifyReads(_ service: any DatabaseService) async throws {
        let found = try await service.vectors(ids, in: database, parts: [.values, .metadata])
        let expected = ids.filter { vectors[$0] != nil }
        guard found.map(\.id) == expected, found.allSatisfy({ vectors[$0.id]?.values == $0.values && vectors[$0.id]?.metadata == $0.metadata })
        else { throw Wrong("\(found.count) vectors of \(database) are read by id, expected \(expected.count)") }
    }
}

/// All vectors of a database, page by page.
func everything(_ service: any DatabaseService, in database: String) async throws -> [VectorID: VectorRecord] {
    var all: [VectorID: VectorRecord] = [:]
    var after: VectorID?
    repeat {
        let page = try await service.scroll(ScrollRequest(after: after, limit: 700, parts: [.values, .metadata]), in: database)
        for vector in page.vectors {
            let record = VectorRecord(id: vector.id, values: vector.values ?? [], metadata: vector.metadata ?? [:])
            guard all.updateValue(record, forKey: vector.id) == nil else { throw Wrong("vector \(vector.id) is listed twice") }
        }
        after = page.next
    } while after != nil
    return all
}
