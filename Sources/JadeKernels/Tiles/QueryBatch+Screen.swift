internal import CJadeKernels

/// A query and a row that a screen did not exclude, by their numbers in the call.
package struct ScreenPair: Sendable, Hashable {
    package let query: UInt32
    package let row: UInt32

    package init(query: UInt32, row: UInt32) { (self.query, self.row) = (query, row) }
}

/// What the queries of a batch bring to the bar of a screen: four numbers each, which are multiplied by the four of a row.
package struct ScreenTerms: ~Copyable {
    /// What a row brings.
    package typealias Row = SIMD4<Float>

    package let count: Int
    private let padded: Int
    let values: UnsafeMutablePointer<Float>

    /// Zeroes for `count` queries.
    package init(count: Int) {
        self.count = count
        padded = jade_query_groups(count) * Int(JADE_QUERY_GROUP)
        values = .allocate(capacity: 4 * max(padded, 1))
        values.initialize(repeating: 0, count: 4 * max(padded, 1))
    }

    deinit { values.deallocate() }

    var stride: Int { padded }

    /// Term `term` (0 to 3) of a query. Not checked: this is the inner loop of a search.
    @inline(__always)
    package func set(_ term: Int, of query: Int, to value: Float) { values[term &* padded &+ query] = value }

    /// All terms of a query.
    package func set(_ query: Int, to terms: SIMD4<Float>) {
        for term in 0..<4 { set(term, of: query, to: terms[term]) }
    }
}

extension QueryBatch {
    /// The pairs whose product is not below the bar, the sum of the products of a query's and a row's terms, in no promised order;
    /// NaN on either side passes. `pairs` has room for every pair.
    ///
    /// - Returns: how many there are.
    package func screen(
        base: UnsafeRawPointer, strideBytes: Int, rows: Int, terms: borrowing ScreenTerms,
        rowTerms: UnsafePointer<ScreenTerms.Row>, into pairs: UnsafeMutablePointer<ScreenPair>
    ) -> Int {
        guard let run = tiles.screen else { preconditionFailure("only products have a screen") }
        precondition(terms.count == count, "\(count) queries need as many terms, not \(terms.count)")
        let rowTerms = UnsafeRawPointer(rowTerms).assumingMemoryBound(to: jade_screen_row.self)
        let screen = jade_screen(query_terms: terms.values, query_stride: terms.stride, rows: rowTerms)
        let out = UnsafeMutableRawPointer(pairs).assumingMemoryBound(to: jade_pair.self)
        return withUnsafePointer(to: queries) { queries in
            withUnsafePointer(to: screen) { run(queries, base, strideBytes, rows, $0, out) }
        }
    }
}
