import JadeCore
import JadeMetadata
import Testing

@Suite("Files that are not what they should be")
struct HostileFileTests {
    private static let rows = 300

    /// A folder with a closed, checkpointed store.
    private func sample() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        let changes = (0..<Self.rows).map { index in
            MetadataStoreChange.put(
                .text("vector-\(index)"), UInt32(index), metadata: bytes(#"{"n":\#(index),"pad":"\#(String(repeating: "y", count: 100))"}"#))
        }
        try store.apply(changes, sequence: 7)
        try store.checkpoint()
        try store.close()
        return folder
    }

    /// Opens and reads everything. Returns what it found, or the code of the error.
    private func readAll(_ folder: TemporaryFolder) -> Result<[VectorID: UInt32], JadeError> {
        do throws(JadeError) {
            let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: true)
            var live: [VectorID: UInt32] = [:]
            do throws(JadeError) {
                try store.verify()
                try store.forEachLive { live[$0] = $1 }
                try store.forEachMetadata { _, _ in }
                _ = try store.scroll(after: nil, limit: 1_000)
                _ = try store.metadata(of: Array(0..<UInt32(Self.rows)))
                _ = try store.lookup(Array(live.keys))
            } catch {
                try store.close()
                throw error
            }
            try store.close()
            return .success(live)
        } catch {
            return .failure(error)
        }
    }

    @Test("no SQLite file, another SQLite file, a truncated one")
    func wrongFiles() throws {
        let whole = try sample().read("metadata.db")
        let cases: [(String, [UInt8])] = [
            ("text", bytes("this is not a database, but it is long enough to have a header of one hundred bytes, is it not? yes, it is")),
            ("noise", (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31) }),
            ("half", Array(whole[..<(whole.count / 2 / 4096 * 4096)])),
            ("ragged", Array(whole[..<(whole.count / 2 + 100)])),
        ]
        for (name, content) in cases {
            let folder = try TemporaryFolder()
            try folder.write(content, "metadata.db")
            guard case .failure(let error) = readAll(folder) else {
                Issue.record("\(name): expected an error")
                continue
            }
            #expect(error.code == .corrupted, "\(name): \(error)")
            #expect(error.message.contains("metadata.db"), "\(name): \(error)")
        }
    }

    @Test("flipped bytes are found or change nothing", arguments: SeededRandom.seeds(60))
    func flippedBytes(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let folder = try sample()
        guard case .success(let wanted) = readAll(folder) else {
            Issue.record("the sample cannot be read")
            return
        }
        var content = try folder.read("metadata.db")
        for _ in 0..<(1 + random.below(4)) { content[random.below(content.count)] ^= UInt8(1 + random.below(255)) }
        try folder.write(content, "metadata.db")
        switch readAll(folder) {
        case .failure(let error): #expect([.corrupted, .unavailable].contains(error.code), "seed \(seed): \(error)")
        // SQLite has no checksums: a flipped byte of an id or of metadata is another id or other metadata
        case .success(let found): #expect(found.count <= wanted.count, "seed \(seed)")
        }
    }

    @Test("a damaged mark is an error, not a guess")
    func damagedMark() throws {
        for offset in [0, 9, 17, 25, 39] {
            let folder = try sample()
            var mark = try folder.read("metadata.db-mark")
            mark[offset] ^= 1
            try folder.write(mark, "metadata.db-mark")
            guard case .failure(let error) = readAll(folder) else {
                Issue.record("expected an error for a mark that is damaged at \(offset)")
                continue
            }
            #expect(error.code == .corrupted)
            #expect(error.message.contains("metadata.db-mark"))
        }
    }

    @Test("a newer format is refused in clear words")
    func newerFormat() throws {
        let folder = try sample()
        var content = try folder.read("metadata.db")
        content[63] = 9  // user_version, big-endian @60 (https://www.sqlite.org/fileformat2.html)
        try folder.write(content, "metadata.db")
        guard case .failure(let error) = readAll(folder) else {
            Issue.record("expected an error")
            return
        }
        #expect(error.code == .unavailable)
        #expect(error.message.hasSuffix("metadata.db has format version 9, this build reads up to 2: use a newer build"))
    }

    @Test("another application's file is refused")
    func otherApplication() throws {
        let folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.file("metadata.db"))
        try catalog.checkpoint()
        catalog.close()
        guard case .failure(let error) = readAll(folder) else {
            Issue.record("expected an error")
            return
        }
        #expect(error.code == .corrupted)
    }

    @Test("a folder that does not exist")
    func noFolder() throws {
        let folder = try TemporaryFolder()
        #expect(code { _ = try ShardMetadataStore(path: folder.file("none/metadata.db"), discardingLog: false) } == .unavailable)
    }

    @Test("what SQLite says becomes what to do")
    func codes() {
        let wanted: [(Int32, ErrorCode)] = [
            (13, .resourceExhausted), (7, .resourceExhausted), (10, .unavailable), (10 | 4 << 8, .unavailable),
            (10 | 12 << 8, .resourceExhausted), (10 | 2 << 8, .corrupted), (11, .corrupted), (11 | 1 << 8, .corrupted), (26, .corrupted),
            (14, .unavailable), (5, .unavailable), (6, .unavailable), (8, .unavailable), (18, .tooLarge), (9, .cancelled), (1, .internal),
            (19, .internal), (21, .internal),
        ]
        for (sqlite, expected) in wanted { #expect(ErrorCode(sqlite: sqlite) == expected, "SQLite code \(sqlite)") }
    }
}
