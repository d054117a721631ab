import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import JadeTestSupport
import Testing

/// A graph over rows in plain memory, and the folder it is saved to.
private final class SavedGraph {
    let vectors = TestVectors(count: 900, queries: 20, dimension: 20, seed: 11)
    let settings: IndexSettings
    let kernels: Kernels
    let rows: RowSource
    let files = LocalFileSystem()
    let directory: String
    private let memory: UnsafeMutablePointer<Float>

    init(_ quantization: IndexSettings.Quantization = .none) throws {
        settings = IndexSettings(m: 8, efConstruction: 60, quantization: quantization)
        kernels = try Kernels.selected()
        memory = .allocate(capacity: vectors.rows.count)
        memory.initialize(from: vectors.rows, count: vectors.rows.count)
        rows = RowSource(base: memory, stride: 80, dimension: 20, metric: .euclidean, scales: nil)
        directory = "/tmp/jade-graph-\(SystemRandomSource().uniqueID())"
    }

    deinit {
        memory.deallocate()
        try? files.removeTree(directory)
    }

    func build() throws -> HNSWIndex {
        let index = try HNSWIndex(rows: rows, settings: settings, kernels: kernels)
        try index.build(0..<600, workers: .system(2), include: { $0 % 50 != 7 }, progress: nil)
        return index
    }

    func load(rowEnd: Int = 900) throws -> (index: HNSWIndex, extent: Int, sequence: UInt64) {
        try HNSWIndex.load(
            from: directory, rows: rows, rowEnd: rowEnd, settings: settings, kernels: kernels, files: files)
    }

    func search(_ index: HNSWIndex, _ query: Int) -> [Neighbor] {
        let visibility = Visibility(stamps: nil, sequence: .max)
        return vectors.query(query).withUnsafeBufferPointer {
            index.search($0.baseAddress!, k: 10, ef: 40, visibility, hidden: 0, below: .max)
        }
    }
}

@Suite("Saved graph")
struct SavedGraphTests {
    @Test("a loaded graph answers as the saved one did, and goes on growing", arguments: IndexSettings.Kind.hnsw.quantizations)
    func roundTrip(quantization: IndexSettings.Quantization) throws {
        let saved = try SavedGraph(quantization)
        let index = try saved.build()
        try index.save(to: saved.directory, sequence: 42, files: saved.files)
        let loaded = try saved.load()
        #expect(loaded.extent == 600)
        #expect(loaded.sequence == 42)
        #expect(loaded.index.count == 588)
        for query in 0..<20 { #expect(saved.search(loaded.index, query) == saved.search(index, query)) }
        try loaded.index.build(600..<900, workers: .system(2), include: { _ in true }, progress: nil)
        #expect(loaded.index.count == 888)
        for ordinal in 600..<900 {
            let found = saved.vectors.row(ordinal).withUnsafeBufferPointer {
                loaded.index.search(
                    $0.baseAddress!, k: 1, ef: 60, Visibility(stamps: nil, sequence: .max), hidden: 0, below: .max)
            }
            #expect(found.first?.distance == 0)
        }
    }

    @Test("a graph that was saved without codes is coded when it is loaded", arguments: [IndexSettings.Quantization.sq8, .sq4])
    func codedAtLoading(quantization: IndexSettings.Quantization) throws {
        let saved = try SavedGraph(quantization)
        let index = try saved.build()
        try index.save(to: saved.directory, sequence: 1, files: saved.files)
        try saved.files.remove("\(saved.directory)/codebook")
        let loaded = try saved.load()
        for query in 0..<20 { #expect(saved.search(loaded.index, query).prefix(3) == saved.search(index, query).prefix(3)) }
        try loaded.index.build(600..<900, workers: .system(2), include: { _ in true }, progress: nil)
        #expect(loaded.index.count == 888)
    }

    @Test(
        "damage anywhere is refused with the file's name, never followed",
        arguments: [IndexSettings.Quantization.none, .sq8, .sq4])
    func damage(quantization: IndexSettings.Quantization) throws {
        let saved = try SavedGraph(quantization)
        try saved.build().save(to: saved.directory, sequence: 1, files: saved.files)
        var random = SeededRandom(seed: 12)
        for name in try saved.files.list(saved.directory) {
            let path = "\(saved.directory)/\(name)"
            let whole = try saved.files.readFile(path, limit: 1 << 24)
            for _ in 0..<25 {
                var damaged = whole
                if Bool.random(using: &random) {
                    let byte = Int.random(in: 0..<damaged.count, using: &random)
                    damaged[byte] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                } else {
                    damaged.removeLast(Int.random(in: 1...damaged.count, using: &random))
                }
                try saved.files.replaceFile(path, with: damaged)
                let error = #expect(throws: JadeError.self) { try saved.load() }
                #expect(error?.code == .corrupted)
                #expect(error?.message.contains(saved.directory) == true)
            }
            try saved.files.replaceFile(path, with: whole)
        }
        _ = try saved.load()
    }

    @Test("a graph of other rows or settings is refused")
    func mismatch() throws {
        let saved = try SavedGraph()
        try saved.build().save(to: saved.directory, sequence: 1, files: saved.files)
        #expect(throws: JadeError.self) { try saved.load(rowEnd: 500) }
        #expect(throws: JadeError.self) {
            try HNSWIndex.load(
                from: saved.directory, rows: saved.rows, rowEnd: 900, settings: IndexSettings(m: 9), kernels: saved.kernels,
                files: saved.files)
        }
        #expect(throws: JadeError.self) {
            try HNSWIndex.load(
                from: saved.directory + "-none", rows: saved.rows, rowEnd: 900, settings: saved.settings,
                kernels: saved.kernels, files: saved.files)
        }
    }

    @Test("a write that fails leaves no folder that looks whole")
    func failedSave() throws {
        let saved = try SavedGraph()
        let index = try saved.build()
        var failures = 0
        for step in 1... {
            let files = FaultyFileSystem(wrapping: saved.files, failAt: step, kind: .error(5))
            let failed = (try? index.save(to: saved.directory, sequence: 1, files: files)) == nil
            if !failed { break }
            failures += 1
            if (try? saved.load()) != nil { #expect(try saved.load().extent == 600) }
            try saved.files.removeTree(saved.directory)
        }
        #expect(failures > 5)
        #expect(try saved.load().extent == 600)
    }
}
