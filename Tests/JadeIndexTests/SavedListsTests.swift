import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import JadeTestSupport
import Testing

extension ListedVectors {
    func load(_ directory: String, rowEnd: Int? = nil) throws -> (index: IVFIndex, extent: Int, sequence: UInt64) {
        try IVFIndex.load(
            from: directory, rows: rows, rowEnd: rowEnd ?? vectors.count, settings: IndexSettings(), lists: lists, kernels: kernels,
            files: LocalFileSystem())
    }
}

@Suite("Saved lists")
struct SavedListsTests {
    @Test("loaded lists grow and shrink as others do", arguments: IVFIndexTests.codes)
    func goOn(code: IVFSettings.Code) throws {
        let folder = try TemporaryFolder()
        let listed = try ListedVectors(.cosine, code, count: 3000)
        try listed.add(0..<2000)
        try listed.index.train(workers: .system(1))
        try listed.index.save(to: folder.path("lists"), sequence: 1, files: LocalFileSystem())
        let loaded = try listed.load(folder.path("lists")).index
        try loaded.build(2000..<3000, workers: .system(2), include: { _ in true }, progress: nil)
        #expect(loaded.remove((0..<1000).map(UInt32.init)) == 1000)
        try loaded.save(to: folder.path("again"), sequence: 2, files: LocalFileSystem())
        let again = try listed.load(folder.path("again")).index
        #expect(again.count == 2000 && !again.contains(999) && again.contains(1000))
        // The files that the first index was saved to never change.
        #expect(try listed.load(folder.path("lists")).index.count == 2000)
        for query in 0..<30 { #expect(listed.search(query, in: again) == listed.search(query, in: loaded)) }
    }

    @Test("damage anywhere is refused with the file's name, never followed", arguments: IVFIndexTests.codes)
    func damage(code: IVFSettings.Code) throws {
        let folder = try TemporaryFolder()
        let files = LocalFileSystem()
        let directory = folder.path("lists")
        let listed = try ListedVectors(.euclidean, code, count: 1000, nlist: 10)
        try listed.add(0..<1000)
        try listed.index.train(workers: .system(1))
        try listed.index.save(to: directory, sequence: 1, files: files)
        var random = SeededRandom(seed: 71)
        for name in try files.list(directory) {
            let path = "\(directory)/\(name)"
            let whole = try files.readFile(path, limit: 1 << 24)
            guard !whole.isEmpty else { continue }
            for _ in 0..<25 {
                var damaged = whole
                if Bool.random(using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                } else {
                    damaged.removeLast(Int.random(in: 1...damaged.count, using: &random))
                }
                try files.replaceFile(path, with: damaged)
                let error = #expect(throws: JadeError.self) { _ = try listed.load(directory) }
                #expect(error?.code == .corrupted && error?.message.contains(directory) == true)
            }
            try files.replaceFile(path, with: whole)
        }
        _ = try listed.load(directory)
        #expect(throws: JadeError.self) { _ = try listed.load(directory, rowEnd: 999) }
        #expect(throws: JadeError.self) { _ = try listed.load(folder.path("none")) }
    }

    @Test("a write that fails leaves no folder that looks whole")
    func failedSave() throws {
        let folder = try TemporaryFolder()
        let files = LocalFileSystem()
        let listed = try ListedVectors(.euclidean, .pq(subspaces: 8), count: 600, nlist: 6)
        try listed.add(0..<600)
        try listed.index.train(workers: .system(1))
        var failures = 0
        for step in 1... {
            let faulty = FaultyFileSystem(wrapping: files, failAt: step, kind: .error(5))
            if (try? listed.index.save(to: folder.path("lists"), sequence: 1, files: faulty)) != nil { break }
            failures += 1
            if let loaded = try? listed.load(folder.path("lists")) { #expect(loaded.index.count == 600) }
            try files.removeTree(folder.path("lists"))
        }
        #expect(failures > 10)
        #expect(try listed.load(folder.path("lists")).index.count == 600)
    }
}
