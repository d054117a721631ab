import Foundation
import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import Testing

/// Saved lists of released format versions, which must open forever. They were written by this suite with `JADE_WRITE_GOLDEN=1`; a
/// new version adds a folder and never changes an old one.
@Suite("Golden lists")
struct GoldenListsTests {
    private static let count = 400
    private static let dimension = 6
    private static let codes: [IndexSettings.Quantization] = [.none, .sq8, .sq4, .pq, .rabitq, .rabitq4, .rabitq8]

    private static func folder(_ quantization: IndexSettings.Quantization) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v1/lists-\(quantization.rawValue)").path
    }

    /// No two rows alike, and neighbours by number are neighbours.
    private static func component(_ row: Int, _ index: Int) -> Float {
        Float((row * (index + 3)) % 61 - 30) / Float(4 + index) + Float(row) / 8
    }

    private func withRows<Value>(_ body: (RowSource, IndexSettings) throws -> Value, _ quantization: IndexSettings.Quantization) rethrows -> Value {
        let values = (0..<Self.count).flatMap { row in (0..<Self.dimension).map { Self.component(row, $0) } }
        return try values.withUnsafeBufferPointer { buffer in
            let rows = RowSource(
                base: UnsafeRawPointer(buffer.baseAddress!), stride: Self.dimension * 4, dimension: Self.dimension, metric: .euclidean,
                scales: nil)
            return try body(rows, IndexSettings(nlist: 8, quantization: quantization))
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JADE_WRITE_GOLDEN"] == "1"), arguments: codes)
    func write(quantization: IndexSettings.Quantization) throws {
        let files = LocalFileSystem()
        let folder = Self.folder(quantization)
        if try files.fileExists(folder + "/header") { return }
        try withRows({ rows, settings in
            let index = try IVFIndex(rows: rows, settings: settings, lists: IVFSettings(settings), kernels: Kernels.selected())
            try index.build(0..<Self.count, workers: .system(1), include: { $0 % 10 != 3 }, progress: nil)
            try index.train(workers: .system(1))
            try index.save(to: folder, sequence: 7, files: files)
        }, quantization)
    }

    @Test("they open, and every row is found in them", arguments: codes)
    func opens(quantization: IndexSettings.Quantization) throws {
        try withRows({ rows, settings in
            let loaded = try IVFIndex.load(
                from: Self.folder(quantization), rows: rows, rowEnd: Self.count, settings: settings, lists: IVFSettings(settings),
                kernels: Kernels.selected(), files: LocalFileSystem())
            #expect(loaded.sequence == 7 && loaded.extent == Self.count)
            #expect(loaded.index.count == 360 && loaded.index.model.nlist == 8)
            for row in 0..<UInt32(Self.count) {
                #expect(loaded.index.contains(row) == (row % 10 != 3))
                guard row % 10 != 3 else { continue }
                let found = loaded.index.search(
                    rows.row(row), k: 1, nprobe: 3, candidates: 30, Visibility(stamps: nil, sequence: .max), hidden: 0, below: .max)
                #expect(found.first == Neighbor(ordinal: row, distance: 0))
            }
        }, quantization)
    }
}
