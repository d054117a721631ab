internal import JadeCore
internal import JadeKernels
internal import Synchronization

/// Rows as whole numbers of 8 bits beside the rows themselves, for exact searches of many queries: products of codes exclude nearly
/// every row at a fraction of the price, and what is left is measured as ever, so the answers are the same.
///
/// A row less the center (the mean of some rows) is `step · code + rest`; a row has its own step, and the length of its rest bounds
/// what the code hides. Any center and any step would do: they decide how much is excluded, not what is found.
///
/// Memory: `dimension` rounded up to 64, and 16 bytes, for each row; nothing before the first ``extend(to:)``.
package final class RowCodes: Sendable {
    /// Rows of a segment.
    static let segmentRows = 1 << 14

    /// Codes and terms of ``segmentRows`` rows; written once, in order, and read up to what was published.
    ///
    /// `@unchecked Sendable`: the memory behind the published count is written by one thread, that before it by none.
    final class Segment: @unchecked Sendable {
        let codes: UnsafeMutablePointer<Int8>
        let terms: UnsafeMutablePointer<ScreenTerms.Row>

        init(stride: Int) {
            let bytes = UnsafeMutableRawPointer.allocate(byteCount: stride * RowCodes.segmentRows, alignment: 64)
            codes = bytes.bindMemory(to: Int8.self, capacity: stride * RowCodes.segmentRows)
            terms = .allocate(capacity: RowCodes.segmentRows)
        }

        deinit {
            codes.deallocate()
            terms.deallocate()
        }
    }

    /// What a search reads: rows below `count` have codes.
    struct Snapshot: Sendable {
        var count = 0
        var center: [Float] = []
        var segments: [Segment] = []
    }

    let rows: RowSource
    /// Bytes from one code to the next.
    let stride: Int
    private let published = Mutex(Snapshot())
    private let writer = Mutex(())

    init(rows: RowSource) {
        self.rows = rows
        stride = (rows.dimension + 63) / 64 * 64
    }

    var snapshot: Snapshot { published.withLock { $0 } }

    /// Rows that have codes, from ordinal 0 on.
    package var count: Int { published.withLock { $0.count } }

    /// Bytes held beside the rows.
    package var memoryBytes: Int {
        published.withLock { $0.segments.count * Self.segmentRows * (stride + MemoryLayout<ScreenTerms.Row>.stride) + 4 * $0.center.count }
    }

    /// Gives codes to the rows below `end` that have none yet. Rows below `end` must be complete, and never change afterwards.
    /// Searches go on meanwhile; two calls wait for each other. O(rows added · dimension).
    package func extend(to end: Int) {
        writer.withLock { _ in
            var next = snapshot
            guard end > next.count else { return }
            if next.center.isEmpty { next.center = RowEncoder.center(of: rows, in: 0..<end) }
            let encoder = RowEncoder(rows: rows, center: next.center)
            while next.count < end {
                let place = next.count % Self.segmentRows
                if place == 0 { next.segments.append(Segment(stride: stride)) }
                let segment = next.segments[next.segments.count - 1]
                let size = min(Self.segmentRows - place, end - next.count)
                for index in 0..<size {
                    segment.terms[place + index] = encoder.encodeRow(
                        UInt32(next.count + index), into: segment.codes + (place + index) * stride)
                }
                next.count += size
                let done = next
                published.withLock { $0 = done }
            }
        }
    }
}
