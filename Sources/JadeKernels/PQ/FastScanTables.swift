internal import CJadeKernels

/// The tables of a batch of queries for the fast scan: 16 bytes a subspace and query.
///
/// The distance of a row from a query is about `bias + scale * sum`, within `scale * subspaces / 2` of what the query's table of
/// floats gives.
package struct FastScanTables: ~Copyable {
    package let count: Int
    package let subspaces: Int
    private let entries: UnsafeMutablePointer<UInt8>
    private let tables: UnsafeMutablePointer<jade_pq4_table>
    private let kernels: UnsafePointer<jade_kernels>

    /// Room for `count` queries; each is to be ``set(_:table:)`` before the first scan.
    package init(count: Int, subspaces: Int, kernels: Kernels) {
        precondition(count >= 0 && subspaces >= 0, "\(count) tables of \(subspaces) subspaces")
        (self.count, self.subspaces, self.kernels) = (count, subspaces, kernels.table)
        let bytes = 16 * subspaces
        entries = .allocate(capacity: max(count * bytes, 1))
        entries.initialize(repeating: 0, count: count * bytes)
        tables = .allocate(capacity: max(count, 1))
        for query in 0..<count {
            (tables + query).initialize(to: jade_pq4_table(entries: entries + query * bytes, scale: 0, bias: .nan))
        }
    }

    deinit {
        tables.deallocate()
        entries.deallocate()
    }

    /// Quantizes the table of floats of query number `query`. O(subspaces).
    package func set(_ query: Int, table: UnsafePointer<Float>) {
        precondition(query >= 0 && query < count, "query \(query) of \(count)")
        kernels.pointee.fastscan_pq4_quantize(table, subspaces, tables + query)
    }

    package func scale(_ query: Int) -> Float { tables[query].scale }
    package func bias(_ query: Int) -> Float { tables[query].bias }

    /// The sums of one query over every row.
    package func sums(_ query: Int, _ blocks: FastScanBlocks, into out: UnsafeMutablePointer<UInt16>) {
        check(query, blocks)
        withUnsafePointer(to: blocks.rows) { kernels.pointee.fastscan_pq4_sums(tables[query].entries, $0, out) }
    }

    /// The rows whose sum is at most `limit`, as `sum << 32 | (firstRow + row)` in order of rows; `out` has room for every row.
    /// Returns how many.
    package func passing(
        _ query: Int, _ blocks: FastScanBlocks, limit: UInt32, firstRow: UInt32, into out: UnsafeMutablePointer<UInt64>
    ) -> Int {
        check(query, blocks)
        return withUnsafePointer(to: blocks.rows) {
            kernels.pointee.fastscan_pq4_passing(tables[query].entries, $0, limit, firstRow, out)
        }
    }

    /// Offers every row to the selections of `queries`, all if nil: row r with the ordinal `ordinals[r]`, or `firstOrdinal + r`.
    package func search(
        _ blocks: FastScanBlocks, queries: Range<Int>? = nil, ordinals: UnsafePointer<UInt32>?, firstOrdinal: UInt32,
        into selections: borrowing TopKBatch
    ) {
        let queries = queries ?? 0..<count
        precondition(queries.lowerBound >= 0 && queries.upperBound <= count, "queries \(queries) of \(count)")
        precondition(blocks.subspaces == subspaces, "blocks of \(blocks.subspaces) subspaces, tables of \(subspaces)")
        precondition(selections.count == count, "\(count) queries need as many selections, not \(selections.count)")
        let first = queries.lowerBound, states = selections.states + first
        withUnsafePointer(to: blocks.rows) {
            kernels.pointee.fastscan_pq4_search(tables + first, queries.count, $0, ordinals, firstOrdinal, states)
        }
    }

    private func check(_ query: Int, _ blocks: FastScanBlocks) {
        precondition(query >= 0 && query < count, "query \(query) of \(count)")
        precondition(blocks.subspaces == subspaces, "blocks of \(blocks.subspaces) subspaces, tables of \(subspaces)")
    }
}
