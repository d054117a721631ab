// Builds a graph over random clusters, searches it, and compares with exact search.
import JadeCore
import JadeIndex

let dimension = 64
let rowCount = 20_000
let queryCount = 200

// Rows around a few hundred centres: real embeddings come in clusters too.
func rows(_ count: Int, around centres: [[Float]], using random: inout some RandomNumberGenerator) -> [Float] {
    (0..<count).flatMap { _ -> [Float] in
        let centre = centres.randomElement(using: &random)!
        return centre.map { $0 + Float.random(in: -0.3...0.3, using: &random) }
    }
}

func run() throws {
    var random = SystemRandomNumberGenerator()
    let centres = (0..<300).map { _ in (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) } }
    let base = rows(rowCount, around: centres, using: &random)
    let queries = rows(queryCount, around: centres, using: &random)

    let index = try AcceleratedIndex(dimension: dimension, metric: .cosine, settings: IndexSettings(m: 16, efConstruction: 100))
    _ = try index.add(rows: base, threads: 2)
    print("\(index.count) rows, \(index.memoryBytes / 1_024) KiB of index")

    let exact = try index.exactSearch(batch: queries, topK: 10)
    for efSearch in [16, 64, 256] {
        var found = 0
        for query in 0..<queryCount {
            let values = Array(queries[query * dimension..<(query + 1) * dimension])
            let truth = Set(exact[query].map(\.ordinal))
            found += try index.search(values, topK: 10, efSearch: efSearch).filter { truth.contains($0.ordinal) }.count
        }
        print("ef_search \(efSearch): recall@10 \(Double(found) / Double(queryCount * 10))")
    }

    let query = Array(queries[..<dimension])
    let nearest = try index.search(query, topK: 3)
    print("nearest to the first query:", nearest.map { "row \($0.ordinal) (\($0.score))" }.joined(separator: ", "))
    index.remove(nearest[0].ordinal)
    print("once that row is removed:  ", try index.search(query, topK: 3).map { "row \($0.ordinal)" }.joined(separator: ", "))
}

try run()
