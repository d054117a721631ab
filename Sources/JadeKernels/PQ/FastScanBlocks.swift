internal import CJadeKernels

/// Rows of pq4 codes in blocks of 32, as `jade_pq.h` lays them out, wherever they lie.
package struct FastScanBlocks {
    package static let blockRows = Int(JADE_PQ_BLOCK_ROWS)

    package let base: UnsafeRawPointer
    package let subspaces: Int
    package let count: Int

    package init(_ base: UnsafeRawPointer, subspaces: Int, count: Int) {
        precondition(subspaces >= 0 && count >= 0, "\(count) rows of \(subspaces) subspaces")
        (self.base, self.subspaces, self.count) = (base, subspaces, count)
    }

    /// Bytes of the blocks of `count` rows.
    package static func byteCount(count: Int, subspaces: Int) -> Int { jade_pq4_blocks_bytes(count, subspaces) }

    /// Packs rows of codes into ``byteCount(count:subspaces:)`` bytes; the rest of the last block becomes 0.
    package static func pack(
        rows: UnsafeRawPointer, strideBytes: Int, count: Int, subspaces: Int, into blocks: UnsafeMutableRawPointer
    ) {
        jade_pq4_pack(rows, strideBytes, count, subspaces, blocks)
    }

    /// Replaces the codes of one row of a block that is there.
    package static func write(
        row: Int, codes: UnsafePointer<UInt8>, subspaces: Int, into blocks: UnsafeMutableRawPointer
    ) {
        jade_pq4_block_write(blocks, subspaces, row, codes)
    }

    /// The codes of one row.
    package func read(row: Int, into codes: UnsafeMutablePointer<UInt8>) {
        precondition(row >= 0 && row < count, "row \(row) of \(count)")
        jade_pq4_block_read(base, subspaces, row, codes)
    }

    var rows: jade_pq4_blocks { jade_pq4_blocks(blocks: base, subspaces: subspaces, count: count) }
}
