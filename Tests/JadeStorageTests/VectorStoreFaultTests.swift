import Glibc
import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite struct VectorStoreFaultTests {
    /// Creates, grows, writes, checkpoints and closes; `reached` gets the sequence of each checkpoint that succeeded.
    private func story(_ path: String, _ files: any FileSystem, _ reached: inout UInt64) throws(JadeError) {
        let store = try SampleStore.create(path, in: files)
        for round in 1...3 as ClosedRange<UInt64> {
            // Each round's rows need the file to grow.
            let first = Int(round - 1) * 1000
            try store.reserve(slots: first + 1000 + Int(round * round) * 9000)
            for ordinal in first..<(first + 10) { try SampleStore.write(store, ordinal, sequence: round) }
            try store.sync(ordinals: first..<(first + 10))
            try store.checkpoint(vectorCount: Int(round) * 10, sequence: round)
            reached = round
        }
        var live = [UInt64](repeating: 0, count: (store.slotsUsed + 63) / 64)
        for round in 0..<3 { for slot in (round * 1000)..<(round * 1000 + 10) { live[slot / 64] |= 1 << UInt64(slot % 64) } }
        try store.finish(live: live, vectorCount: 30, sequence: 4)
        reached = 4
    }

    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite], [false, true])
    func everyCheckpointedRowSurvivesEveryFault(kind: Fault, keepsFailing: Bool) throws {
        let directory = TemporaryDirectory(inMemory: true)
        var attempt = 1
        while true {
            let path = directory("\(attempt).mmap")
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: attempt, kind: kind, keepsFailing: keepsFailing)
            var reached: UInt64 = 0
            var failure: JadeError?
            do throws(JadeError) { try story(path, files, &reached) } catch { failure = error }
            #expect((failure != nil) == files.hasFailed, "fault \(attempt) went unnoticed")
            try check(path, reached: reached, "fault \(attempt)")
            if !files.hasFailed { break }
            attempt += 1
        }
        #expect(attempt > 30)
    }

    private func check(_ path: String, reached: UInt64, _ what: String) throws {
        guard try LocalFileSystem().fileExists(path) else {
            #expect(reached == 0, "\(what): the file is gone")
            return
        }
        let store = try MemoryMappedVectorStore.open(path, in: LocalFileSystem(), maximumVectors: 1 << 20)
        #expect([reached, reached + 1].contains(store.header.checkpointSequence), "\(what)")
        #expect(!store.isClean || store.header.checkpointSequence == 4)
        for round in 0..<Int(min(store.header.checkpointSequence, 3)) {
            for ordinal in (round * 1000)..<(round * 1000 + 10) {
                try store.verify(ordinal: ordinal)
                #expect(try store.values(of: ordinal) == SampleStore.values(ordinal))
                #expect(try store.id(of: ordinal) == SampleStore.ids[ordinal % 8])
            }
        }
        // And life goes on.
        try store.beginWriting()
        try SampleStore.write(store, 0, sequence: 9)
        try store.checkpoint(vectorCount: store.header.vectorCount, sequence: 9)
    }

    @Test func aFullDiskLeavesTheStoreUsable() throws {
        let directory = TemporaryDirectory(inMemory: true)
        // Creation takes 12 operations, the first growth of the data is the 13th.
        var attempt = 1
        var sawGrowthFail = false
        while !sawGrowthFail, attempt < 100 {
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: attempt, kind: .noSpace)
            let path = directory("\(attempt).mmap")
            attempt += 1
            guard let store = try? SampleStore.create(path, in: files) else { continue }
            let before = files.operations
            // The generous step fails, the exact one succeeds.
            if files.failsNext { sawGrowthFail = true }
            try store.reserve(slots: 3)
            if sawGrowthFail {
                #expect(files.operations > before + 1)
                #expect(store.capacity == 3)
            }
            for ordinal in 0..<3 { try SampleStore.write(store, ordinal, sequence: 1) }
            try store.checkpoint(vectorCount: 3, sequence: 1)
        }
        #expect(sawGrowthFail)
    }

    @Test func afterAFailedSyncNothingIsWrittenAnyMore() throws {
        let directory = TemporaryDirectory(inMemory: true)
        let probe = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: .max, kind: .error(EIO))
        _ = try SampleStore.create(directory("probe.mmap"), in: probe)
        let created = probe.operations
        // growth, two header syncs, then the sync of ids and of rows
        let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: created + 5, kind: .error(EIO))
        let store = try SampleStore.create(directory("vectors.mmap"), in: files)
        try SampleStore.write(store, 0, sequence: 1)
        #expect(throws: JadeError.self) { try store.sync(ordinals: 0..<1) }
        let error = #expect(throws: JadeError.self) { try SampleStore.write(store, 0, sequence: 2) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("after a failed sync") == true)
        #expect(throws: JadeError.self) { try store.checkpoint(vectorCount: 1, sequence: 2) }
        #expect(try store.values(of: 0) == SampleStore.values(0), "reads go on")
    }
}
