import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite struct WriteAheadLogTests {
    let directory = TemporaryDirectory()
    var path: String { directory("wal") }

    @Test func recordsReplayInOrder() throws {
        let log = try SampleLog.open(path)
        #expect(log.nextSequence == 1 && log.durableSequence == 0 && log.tail == nil)
        try SampleLog.append(log, 3)
        try SampleLog.append(log, 0)
        #expect(log.durableSequence == 0)
        try log.sync()
        #expect(log.durableSequence == 3)
        try SampleLog.append(log, 2)
        #expect(try SampleLog.replay(log) == [1, 2, 3, 4, 5])
        let again = try SampleLog.open(path)
        #expect(again.nextSequence == 6 && again.durableSequence == 5 && again.tail == nil)
        #expect(try SampleLog.replay(again, after: 3) == [4, 5])
        #expect(try SampleLog.replay(again, after: 5) == [])
        try SampleLog.append(again, 1)
        #expect(try SampleLog.replay(SampleLog.open(path)) == [1, 2, 3, 4, 5, 6])
    }

    @Test func emptyAndLargePayloads() throws {
        let log = try SampleLog.open(path)
        let large = SeededRandomSource(seed: 1).bytes(3 << 20)
        try log.append(contentsOf: [(1, []), (2, large), (3, [9])])
        var seen: [[UInt8]] = []
        try SampleLog.open(path).replay(after: 0) { seen.append(Array($0.payload)) }
        #expect(seen == [[], large, [9]])
    }

    @Test func segmentsRollAndGoWhenTheyAreCheckpointed() throws {
        let files = LocalFileSystem()
        let log = try SampleLog.open(path, segmentBytes: 400)
        for _ in 0..<20 { try SampleLog.append(log, 1) }
        let names = try files.list(path)
        #expect(names.count > 3)
        #expect(names[0] == "00000000000000000001.log")
        for name in names { #expect(try files.fileSize(path + "/" + name)! <= 400) }
        #expect(try SampleLog.replay(SampleLog.open(path, segmentBytes: 400)) == Array(1...20))
        try log.truncate(upTo: 10)
        #expect(log.firstSequence > 1 && log.firstSequence <= 11)
        #expect(try SampleLog.replay(log, after: 10) == Array(11...20))
        let error = #expect(throws: JadeError.self) { try SampleLog.replay(log, after: 0) }
        #expect(error?.code == .corrupted)
        try log.truncate(upTo: 20)
        #expect(try files.list(path) == ["00000000000000000021.log"])
        #expect(try SampleLog.replay(log, after: 20) == [])
        try SampleLog.append(log, 1)
        #expect(try SampleLog.replay(SampleLog.open(path), after: 20) == [21])
        try log.truncate(upTo: 20)
        #expect(try SampleLog.replay(log, after: 20) == [21])
    }

    @Test func closedSegmentsKeepNoZeros() throws {
        let log = try SampleLog.open(path, segmentBytes: 700, aheadBytes: 4096)
        for _ in 0..<20 {
            try SampleLog.append(log, 1)
            try log.sync()
        }
        let names = try LocalFileSystem().list(path)
        #expect(names.count > 2)
        for name in names.dropLast() {
            let bytes = try LocalFileSystem().readFile(path + "/" + name, limit: 1 << 20)
            #expect(bytes.count <= 700 && bytes.suffix(32).contains { $0 != 0 })
        }
        #expect(try SampleLog.replay(log) == Array(1...20))
        let position = log.position
        try SampleLog.append(log, 1)
        try log.rollBack(to: position)
        #expect(try SampleLog.replay(SampleLog.open(path)) == Array(1...20))
    }

    @Test func aGroupThatCannotBeAppliedIsRolledBack() throws {
        let log = try SampleLog.open(path, segmentBytes: 400)
        let beginning = log.position
        try SampleLog.append(log, 2)
        let position = log.position
        try SampleLog.append(log, 2)
        try log.sync()
        try log.rollBack(to: position)
        #expect(log.nextSequence == 3 && log.durableSequence == 2)
        #expect(try SampleLog.replay(SampleLog.open(path)) == [1, 2])
        // A group that began a segment of its own.
        let before = log.position
        try SampleLog.append(log, 6)
        #expect(try LocalFileSystem().list(path).count == 2)
        try log.rollBack(to: before)
        #expect(log.nextSequence == 3)
        try SampleLog.append(log, 1)
        #expect(try SampleLog.replay(SampleLog.open(path)) == [1, 2, 3])
        #expect(throws: JadeError.self) { try log.rollBack(to: beginning) }
    }

    @Test func sequenceNumbersHaveNoGaps() throws {
        let log = try SampleLog.open(path)
        #expect(throws: JadeError.self) { try log.append(contentsOf: [(2, [])]) }
        #expect(throws: JadeError.self) { try log.append(contentsOf: [(1, []), (3, [])]) }
        try log.append(contentsOf: [(1, SampleLog.payload(1))])
        #expect(throws: JadeError.self) { try log.append(contentsOf: [(1, [])]) }
        #expect(try SampleLog.replay(log) == [1])
    }

    @Test func epochsOnlyGrow() throws {
        let log = try SampleLog.open(path, epoch: 5)
        try SampleLog.append(log, 1)
        try log.raiseEpoch(to: 7)
        try SampleLog.append(log, 1)
        var epochs: [UInt64] = []
        try log.replay(after: 0) { epochs.append($0.epoch) }
        #expect(epochs == [5, 7])
        let error = #expect(throws: JadeError.self) { try SampleLog.open(path, epoch: 6) }
        #expect(error?.code == .conflict)
        #expect(throws: JadeError.self) { try log.raiseEpoch(to: 6) }
        #expect(try SampleLog.replay(SampleLog.open(path, epoch: 8)) == [1, 2])
    }

    @Test func anotherShardsLogIsRefused() throws {
        try SampleLog.append(SampleLog.open(path), 1)
        let error = #expect(throws: JadeError.self) {
            try WriteAheadLog.open(
                path, shardID: UniqueID(high: 1, low: 1), epoch: 1, nextSequence: 1, in: LocalFileSystem())
        }
        #expect(error?.code == .corrupted)
    }

    @Test func aLogBehindItsCheckpointBeginsAnew() throws {
        try SampleLog.append(SampleLog.open(path), 3)
        let log = try SampleLog.open(path, nextSequence: 10)
        #expect(log.nextSequence == 10)
        #expect(try LocalFileSystem().list(path) == ["00000000000000000010.log"])
        try SampleLog.append(log, 1)
        #expect(try SampleLog.replay(log, after: 9) == [10])
    }

    @Test func syncsMayRunWhileGroupsAreAppended() async throws {
        let log = try SampleLog.open(path, segmentBytes: 4000)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { for _ in 0..<50 { try log.sync() } }
            }
            group.addTask { for count in 1...100 { try SampleLog.append(log, count % 4) } }
            try await group.waitForAll()
        }
        try log.sync()
        #expect(log.durableSequence == 150)
        #expect(try SampleLog.replay(SampleLog.open(path)) == Array(1...150))
    }

    @Test func leftoversOfACrashAreSweptUp() throws {
        try SampleLog.append(SampleLog.open(path), 1)
        try LocalFileSystem().replaceFile(path + "/note.txt", with: [1])
        try LocalFileSystem().replaceFile(path + "/00000000000000000002.log.tmp", with: [1, 2, 3])
        #expect(try SampleLog.replay(SampleLog.open(path)) == [1])
        #expect(try LocalFileSystem().list(path) == ["00000000000000000001.log", "note.txt"])
    }
}
