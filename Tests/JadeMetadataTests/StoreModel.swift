import JadeCore
import JadeMetadata
import Testing

/// What a metadata store must hold, kept in dictionaries.
struct StoreModel {
    var ids: [VectorID: UInt32] = [:]
    var rows: [UInt32: [UInt8]] = [:]
    var sequence: UInt64 = 0
    var nextOrdinal: UInt32 = 0

    /// Changes as a shard would log them: updates move an id to a new ordinal.
    mutating func makeChanges(_ random: inout SeededRandom) -> [MetadataStoreChange] {
        (0..<(1 + random.below(20))).map { _ in
            switch random.below(10) {
            case 0, 1:
                let id = Self.randomID(&random)
                ids[id] = nil
                return .remove(id)
            case 2 where nextOrdinal > 0:
                let ordinal = UInt32(random.below(Int(nextOrdinal)))
                let metadata = Self.randomMetadata(&random)
                if rows[ordinal] != nil { rows[ordinal] = metadata }
                return .setMetadata(ordinal, metadata: metadata)
            default:
                let id = Self.randomID(&random)
                let metadata = Self.randomMetadata(&random)
                let ordinal = nextOrdinal
                nextOrdinal += 1
                ids[id] = ordinal
                rows[ordinal] = metadata
                return .put(id, ordinal, metadata: metadata)
            }
        }
    }

    /// Rows that no id points at, some of them.
    mutating func makePurge(_ random: inout SeededRandom) -> [UInt32] {
        let live = Set(ids.values)
        let chosen = rows.keys.sorted().filter { !live.contains($0) && random.chance(1, in: 2) }
        for ordinal in chosen { rows[ordinal] = nil }
        return chosen
    }

    static func randomID(_ random: inout SeededRandom) -> VectorID {
        let number = UInt64(random.below(60))
        switch random.below(4) {
        case 0: return VectorID(number)
        case 1: return VectorID.text("\(number)")  // the same vector as the number
        case 2: return .text("é\(number)")
        default: return .text("e\u{301}\(number)")  // differs from the one above by bytes alone
        }
    }

    static func randomMetadata(_ random: inout SeededRandom) -> [UInt8] {
        bytes(#"{"n":\#(random.next()),"text":"\#(String(repeating: "ü", count: random.below(300)))"}"#)
    }

    /// Compares everything that can be read.
    func check(_ store: ShardMetadataStore, _ comment: Comment) throws {
        #expect(try store.appliedSequence() == sequence, comment)
        #expect(try store.count() == ids.count, comment)
        let wanted = ids.sorted { $0.key.text.utf8.lexicographicallyPrecedes($1.key.text.utf8) }
        var live: [VectorID: UInt32] = [:]
        try store.forEachLive { live[$0] = $1 }
        #expect(live == ids, comment)
        var stored: [UInt32: [UInt8]] = [:]
        try store.forEachMetadata { stored[$0] = [UInt8]($1) }
        #expect(stored == rows, comment)
        #expect(try store.lookup(wanted.map(\.key)) == wanted.map(\.value), comment)
        #expect(try store.writerLookup(wanted.map(\.key)) == wanted.map(\.value), comment)
        let ordinals = Array(0..<(nextOrdinal + 1))
        #expect(try store.metadata(of: ordinals) == ordinals.map { rows[$0] }, comment)
        try checkScroll(store, wanted.map { ($0.key, $0.value) }, comment)
    }

    private func checkScroll(_ store: ShardMetadataStore, _ wanted: [(VectorID, UInt32)], _ comment: Comment) throws {
        var found: [(VectorID, UInt32)] = []
        while true {
            let page = try store.scroll(after: found.last?.0, limit: 7)
            if page.isEmpty { break }
            #expect(page.count <= 7, comment)
            found += page
            try #require(found.count <= wanted.count, comment)
        }
        #expect(found.map(\.0) == wanted.map(\.0) && found.map(\.1) == wanted.map(\.1), comment)
        #expect(zip(found, wanted).allSatisfy { ids[$0.0.0] == $0.1.1 }, comment)
    }
}

extension VectorID {
    static func text(_ text: String) -> VectorID {
        do { return try VectorID(text) } catch { preconditionFailure("\(error)") }
    }
}
