import Foundation
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Logging
import Testing

/// Whatever operation on files fails, from the opening of the engine to its end: what was acknowledged is there, nothing is
/// half there, reads go on meanwhile.
@Suite("The n-th file operation fails", .serialized)
struct FaultTests {
    /// In memory where the system has it: thousands of little lives sync a lot.
    private static let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    /// Every so many operations fail in the short tier; which of them depends on what happens.
    private static let step = Tier.isLong ? 1 : 6

    static let kinds = [Fault.error(EIO), .noSpace, .shortWrite]

    @Test("nothing is lost", arguments: kinds, [false, true])
    func nothingIsLost(_ kind: Fault, keepsFailing: Bool) async throws {
        // Another sixth of the operations for each kind.
        var number = 1 + (2 * (Self.kinds.firstIndex(of: kind) ?? 0) + (keepsFailing ? 1 : 0)) % Self.step
        while true {
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: number, kind: kind, keepsFailing: keepsFailing)
            do {
                // A flat index gives the space of what it deletes back, a graph keeps its dead.
                let index = number / 2 % 2 == 0 ? IndexSettings.Kind.hnsw : .flat
                try await Self.live(files, index, goesOn: kind == .noSpace && !keepsFailing, syncs: number.isMultiple(of: 2))
            } catch {
                Issue.record("\(kind), operation \(number), \(files.failedOperation ?? "none") failed: \(error)")
            }
            if !files.hasFailed { break }
            number += Self.step
        }
        #expect(number > 40)
    }

    private static func live(
        _ files: FaultyFileSystem, _ index: IndexSettings.Kind, goesOn: Bool, syncs: Bool
    ) async throws {
        let path = "\(root)/jade-faults-\(SystemRandomSource().uniqueID())"
        defer { try? LocalFileSystem().removeTree(path) }
        var configuration = EngineConfiguration(dataDirectory: path, syncOnWrite: syncs, checkpointTransactions: 3)
        (configuration.searchThreads, configuration.buildThreads) = (1, 1)
        let story = try await tell(configuration, files, index, goesOn: goesOn)
        for _ in 0..<2 {
            let engine = try Engine(configuration, logger: silent)
            if let story { try await story.checkReopened(engine) }
            engine.shutdown()
        }
    }

    /// Nil when the engine did not even open.
    private static func tell(
        _ configuration: EngineConfiguration, _ files: FaultyFileSystem, _ index: IndexSettings.Kind, goesOn: Bool
    ) async throws -> FaultStory? {
        let engine: Engine
        do throws(JadeError) {
            engine = try Engine(
                configuration, files: files, clock: SystemClock(), random: SystemRandomSource(), logger: silent)
        } catch {
            guard files.hasFailed else { throw error }
            return nil
        }
        defer { engine.shutdown() }
        let story = FaultStory(engine, files, index)
        try await story.tell()
        // After a failed sync nobody knows what the disk holds: then, and only then, writes wait for a restart.
        if goesOn, files.hasFailed, files.failedOperation?.hasPrefix("sync") == false, await story.exists { try await story.goOn() }
        return story
    }

    private static let silent: Logger = {
        var logger = Logger(label: "jade.faults")
        logger.logLevel = .critical
        return logger
    }()
}
