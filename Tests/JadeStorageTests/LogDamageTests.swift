import JadeCore
import JadeIO
import JadeStorage
import Testing

/// What a log makes of bytes that are not as it wrote them.
@Suite struct LogDamageTests {
    let directory = TemporaryDirectory(inMemory: true)
    var path: String { directory("wal") }
    var segment: String { path + "/00000000000000000001.log" }

    /// Five records, each synced before the next; the offsets at which they end, the header's end first.
    private func writeSynced(_ count: Int = 5) throws -> [Int] {
        let log = try SampleLog.open(path)
        var ends = [64]
        for _ in 0..<count {
            try SampleLog.append(log, 1)
            try log.sync()
            ends.append(try LocalFileSystem().fileSize(segment)!)
        }
        return ends
    }

    @Test func aLogTornAtAnyByteKeepsItsWholeRecords() throws {
        let ends = try writeSynced()
        let patcher = try Patcher(segment)
        for size in (64..<patcher.original.count).reversed() {
            try patcher.write(Array(patcher.original[..<size]))
            let log = try SampleLog.open(path)
            let whole = ends.lastIndex { $0 <= size }!
            #expect(try SampleLog.replay(log) == Array(1...5).prefix(whole).map { UInt64($0) }, "\(size) bytes")
            #expect((log.tail == nil) == (ends[whole] == size), "\(size) bytes")
            if let tail = log.tail {
                #expect(tail.offset == ends[whole] && tail.bytesCut == size - ends[whole] && tail.recordsCut == 0)
                #expect(tail.file == segment)
            }
            #expect(try LocalFileSystem().fileSize(segment) == ends[whole], "the torn end is gone")
        }
        for size in 0..<64 {
            try patcher.write(Array(patcher.original[..<size]))
            let error = #expect(throws: JadeError.self) { try SampleLog.open(path) }
            #expect(error?.code == .corrupted, "a header is never torn")
        }
    }

    @Test(arguments: [UInt8(0), 0xFF, 0x5A]) func aTornEndOfGarbageIsCut(fill: UInt8) throws {
        let ends = try writeSynced()
        let patcher = try Patcher(segment)
        for from in ends[4]..<ends[5] {
            var bytes = patcher.original
            for offset in from..<(ends[5]) { bytes[offset] = fill }
            if bytes == patcher.original { continue }
            try patcher.write(bytes + [UInt8](repeating: fill, count: 3000))
            let log = try SampleLog.open(path)
            #expect(try SampleLog.replay(log) == [1, 2, 3, 4])
            // Nothing but zeros is what a log writes ahead of itself.
            #expect(log.tail?.offset == (fill == 0 && from == ends[4] ? nil : ends[4]))
            try SampleLog.append(log, 1)
            #expect(try SampleLog.replay(SampleLog.open(path)) == [1, 2, 3, 4, 5])
        }
    }

    @Test func everyFlippedBitIsDamageOrTheTornLastRecord() throws {
        let ends = try writeSynced()
        let patcher = try Patcher(segment)
        for bit in 0..<(patcher.original.count * 8) {
            try patcher.restore()
            try patcher.withFlipped(bit: bit) {
                do throws(JadeError) {
                    let log = try SampleLog.open(path)
                    #expect(try SampleLog.replay(log) == [1, 2, 3, 4], "bit \(bit)")
                    #expect(bit / 8 >= ends[4], "bit \(bit) was durable")
                    #expect(log.tail?.offset == ends[4])
                } catch {
                    #expect(error.code == .corrupted && error.message.contains(segment), "bit \(bit): \(error)")
                    #expect(bit / 8 < ends[4], "bit \(bit) is in the last record: \(error)")
                }
            }
        }
    }

    @Test func zerosWrittenAheadAreNotTheLogs() throws {
        let log = try SampleLog.open(path, aheadBytes: 4096)
        try SampleLog.append(log, 3)
        try log.sync()
        let patcher = try Patcher(segment)
        #expect(patcher.original.count > 4096)
        #expect(try SampleLog.replay(log) == [1, 2, 3])
        let end = patcher.original.lastIndex { $0 != 0 }! + 1
        for bit in stride(from: end * 8, to: patcher.original.count * 8, by: 37) {
            try patcher.restore()
            try patcher.withFlipped(bit: bit) {
                let seen = try? SampleLog.replay(SampleLog.open(path))
                #expect(seen == [1, 2, 3], "bit \(bit)")
            }
        }
        try patcher.restore()
        let again = try SampleLog.open(path)
        #expect(again.tail == nil)
        #expect(try LocalFileSystem().fileSize(segment)! < 4096, "the next opening gives them back")
        try SampleLog.append(again, 1)
        #expect(try SampleLog.replay(SampleLog.open(path)) == [1, 2, 3, 4])
    }

    @Test func damageIsReportedWithPlaceAndValues() throws {
        let ends = try writeSynced()
        let patcher = try Patcher(segment)
        var bytes = patcher.original
        bytes[ends[1] + 40] ^= 1
        try patcher.write(bytes)
        let error = #expect(throws: JadeError.self) { try SampleLog.open(path) }
        #expect(error?.message.hasPrefix("\(segment) at offset \(ends[1] + 4): expected checksum 0x") == true)
        #expect(error?.message.contains("found 0x") == true)
        #expect(try LocalFileSystem().readFile(segment, limit: 1 << 20) == bytes, "nothing is cut from a damaged log")
    }

    @Test func aHoleInWhatWasNeverSyncedIsCut() throws {
        let log = try SampleLog.open(path)
        try SampleLog.append(log, 2)
        try log.sync()
        var ends: [Int] = []
        for _ in 0..<4 {
            try SampleLog.append(log, 1)
            ends.append(try LocalFileSystem().fileSize(segment)!)
        }
        let patcher = try Patcher(segment)
        var bytes = patcher.original
        for offset in ends[0]..<(ends[1]) { bytes[offset] = 0 }
        try patcher.write(bytes)
        let again = try SampleLog.open(path)
        #expect(again.tail?.offset == ends[0])
        #expect(again.tail?.recordsCut == 2)
        #expect(try SampleLog.replay(again) == [1, 2, 3])
    }

    @Test func closedSegmentsAreExcusedNothing() throws {
        let log = try SampleLog.open(path, segmentBytes: 400)
        for _ in 0..<12 { try SampleLog.append(log, 1) }
        let patcher = try Patcher(segment)
        for bit in 0..<(patcher.original.count * 8) {
            try patcher.withFlipped(bit: bit) {
                let error = #expect(throws: JadeError.self) { _ = try SampleLog.replay(SampleLog.open(path)) }
                #expect(error?.code == .corrupted, "bit \(bit)")
            }
        }
        for size in (0..<patcher.original.count).reversed() {
            try patcher.truncate(to: size)
            let error = #expect(throws: JadeError.self) { _ = try SampleLog.replay(SampleLog.open(path)) }
            #expect(error?.code == .corrupted, "\(size) bytes")
        }
        try patcher.restore()
        #expect(try SampleLog.replay(SampleLog.open(path), after: 11) == [12], "what is not needed is not read")
    }

    @Test func aMissingSegmentIsNoticed() throws {
        let files = LocalFileSystem()
        let log = try SampleLog.open(path, segmentBytes: 400)
        for _ in 0..<12 { try SampleLog.append(log, 1) }
        let names = try files.list(path)
        try files.remove(path + "/" + names[1])
        let error = #expect(throws: JadeError.self) { _ = try SampleLog.replay(SampleLog.open(path)) }
        #expect(error?.code == .corrupted)
    }

    @Test func aWholeRecordInTheWrongPlaceIsDamage() throws {
        let ends = try writeSynced()
        let patcher = try Patcher(segment)
        // The last record is gone and the one before stands there twice.
        let repeated = patcher.original[..<ends[4]] + patcher.original[ends[3]..<ends[4]]
        try patcher.write(Array(repeated))
        let error = #expect(throws: JadeError.self) { try SampleLog.open(path) }
        #expect(error?.code == .corrupted && error?.message.contains("expected sequence 5, found 4") == true)
    }

    @Test func hostileTailsAreJudgedInBoundedTime() throws {
        _ = try writeSynced(1)
        // Heads that look right at every 32 bytes, with payloads that reach to the end and checksums that don't match.
        var writer = ByteWriter(reserving: 4 << 20)
        writer.append(contentsOf: try Patcher(segment).original)
        writer.append(contentsOf: [1, 2, 3])
        let total = 4 << 20
        while writer.count < total - 256 {
            writer.append(UInt32(max(0, total - writer.count - 300)))
            writer.append(UInt32(0))
            writer.append(UInt64(3))
            writer.append(UInt64(1))
            writer.append(UInt64(0))
        }
        try Patcher(segment).write(writer.bytes)
        let error = #expect(throws: JadeError.self) { try SampleLog.open(path) }
        #expect(error?.code == .corrupted)
    }
}
