import Glibc
import JadeCore
import JadeIO
import JadeStorage
import Testing

/// Whatever operation fails: what was acknowledged is there, nothing else but a prefix of what was tried.
@Suite struct LogFaultTests {
    struct Progress {
        var aheadBytes = 0
        var acknowledged: UInt64 = 0
        var attempted: UInt64 = 0
        var checkpoint: UInt64 = 0
    }

    private func story(_ path: String, _ files: any FileSystem, _ progress: inout Progress) throws(JadeError) {
        let log = try SampleLog.open(path, in: files, segmentBytes: 500, aheadBytes: progress.aheadBytes)
        for round in 1...12 {
            progress.attempted = log.nextSequence + 1
            try SampleLog.append(log, 2)
            try log.sync()
            progress.acknowledged = progress.attempted
            if round == 5 {
                try log.truncate(upTo: 6)
                progress.checkpoint = 6
            }
            if round == 8 {
                let position = log.position
                progress.attempted = log.nextSequence
                try SampleLog.append(log, 1)
                try log.rollBack(to: position)
            }
        }
        try log.truncate(upTo: 24)
        progress.checkpoint = 24
    }

    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite], [(false, 0), (true, 0), (false, 4096), (true, 4096)])
    func acknowledgedRecordsSurviveEveryFault(kind: Fault, how: (keepsFailing: Bool, aheadBytes: Int)) throws {
        let directory = TemporaryDirectory(inMemory: true)
        var attempt = 1
        while true {
            let path = directory("\(attempt)/wal")
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: attempt, kind: kind, keepsFailing: how.keepsFailing)
            var progress = Progress(aheadBytes: how.aheadBytes)
            var failure: JadeError?
            do throws(JadeError) { try story(path, files, &progress) } catch { failure = error }
            // Zeros that could not be written ahead are nobody's loss.
            #expect((failure != nil) == files.hasFailed || how.aheadBytes > 0, "fault \(attempt) went unnoticed")
            try check(path, progress, "fault \(attempt)")
            if !files.hasFailed { break }
            attempt += 1
        }
        #expect(attempt > 50)
    }

    private func check(_ path: String, _ progress: Progress, _ what: String) throws {
        // A checkpoint that had not yet been reported may have removed segments too.
        let log = try SampleLog.open(path, nextSequence: 1)
        let after = max(progress.checkpoint, log.firstSequence - 1)
        #expect(after <= 6 || progress.acknowledged == 24, "\(what): only checkpointed segments may go")
        let seen = try SampleLog.replay(log, after: after)
        #expect(seen == (after..<max(after, log.nextSequence - 1)).map { $0 + 1 }, "\(what): no gaps")
        #expect(log.nextSequence - 1 >= progress.acknowledged, "\(what): an acknowledged record is lost")
        #expect(log.nextSequence - 1 <= max(progress.attempted, progress.acknowledged), "\(what): a record out of nowhere")
        try SampleLog.append(log, 1)
        try log.sync()
        #expect(try SampleLog.replay(SampleLog.open(path), after: after).count == seen.count + 1)
    }

    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite])
    func aFailedWriteIsTakenBackAndTheLogGoesOn(kind: Fault) throws {
        let directory = TemporaryDirectory(inMemory: true)
        let log = try open(directory, failing: 2, kind, keepsFailing: false)
        try SampleLog.append(log, 3)
        #expect(throws: JadeError.self) { try SampleLog.append(log, 3) }
        #expect(log.nextSequence == 4)
        try SampleLog.append(log, 2)
        try log.sync()
        let again = try SampleLog.open(directory("wal"))
        #expect(again.tail == nil)
        #expect(try SampleLog.replay(again) == [1, 2, 3, 4, 5])
    }

    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite], [true, false])
    func aLogThatHasLostTouchWithTheDiskWaitsToBeReopened(kind: Fault, failsToSync: Bool) throws {
        let directory = TemporaryDirectory(inMemory: true)
        let log = try open(directory, failing: 2, kind, keepsFailing: !failsToSync)
        try SampleLog.append(log, 3)
        if failsToSync {
            #expect(throws: JadeError.self) { try log.sync() }
        } else {
            #expect(throws: JadeError.self) { try SampleLog.append(log, 3) }
        }
        for _ in 0..<2 {
            let error = #expect(throws: JadeError.self) { try SampleLog.append(log, 1) }
            #expect(error?.code == .unavailable)
            #expect(error?.message.contains("until it is reopened") == true)
        }
        #expect(throws: JadeError.self) { try log.sync() }
        let again = try SampleLog.open(directory("wal"))
        let seen = try SampleLog.replay(again)
        #expect(seen.prefix(3) == [1, 2, 3] && seen.count <= 6)
        try SampleLog.append(again, 1)
    }

    /// A log whose n-th operation after opening fails.
    private func open(
        _ directory: borrowing TemporaryDirectory, failing number: Int, _ kind: Fault, keepsFailing: Bool
    ) throws -> WriteAheadLog {
        let probe = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: .max, kind: kind)
        _ = try SampleLog.open(directory("probe"), in: probe)
        let files = FaultyFileSystem(
            wrapping: LocalFileSystem(), failAt: probe.operations + number, kind: kind, keepsFailing: keepsFailing)
        return try SampleLog.open(directory("wal"), in: files)
    }
}
