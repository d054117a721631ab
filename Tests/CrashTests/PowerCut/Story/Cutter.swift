import Foundation
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport

/// Goes through a recorded story and cuts the power at moments drawn by a seed, and sometimes again while the first cut is
/// being recovered from.
struct Cutter {
    private static let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()

    private static let shownFailures = 5

    let story: PowerCutStory
    private var random: SeededRandom
    private let events: [DiskEvent]

    /// - Parameter keeping: which of the recorded events count; a disk that lies forgets some.
    init(story: PowerCutStory, seed: UInt64, keeping: (DiskEvent) -> Bool = { _ in true }) {
        self.story = story
        random = SeededRandom(seed: seed ^ 0xC07)
        // In place, as syncs name other events by their numbers.
        events = story.recorder.events.map { keeping($0) ? $0 : .mark(.time(0)) }
    }

    mutating func run(cuts: Int) async throws -> Int {
        let moments = (0..<cuts).map { _ in Int.random(in: 0...events.count, using: &random) }.sorted()
        var disk = Disk()
        var knowledge = Knowledge()
        var done = 0
        var failures: [String] = []
        for moment in moments {
            while disk.applied < moment {
                let event = events[disk.applied]
                if case .mark(let mark) = event { knowledge.learn(mark) }
                disk.apply(event)
            }
            var own = random.fork()
            do { done += try await cut(disk, knowledge, &own) } catch { failures.append("moment \(moment): \(error)") }
        }
        guard failures.isEmpty else {
            let shown = failures.prefix(Self.shownFailures).joined(separator: "\n  ")
            throw Wrong("\(failures.count) of \(cuts) cuts of \(events.count) events, \(story.configuration):\n  \(shown)")
        }
        return done
    }

    private func cut(_ disk: Disk, _ knowledge: Knowledge, _ random: inout SeededRandom) async throws -> Int {
        let check = PowerCutCheck(
            configuration: story.configuration, histories: story.histories, knowledge: knowledge,
            losableMilliseconds: story.losableMilliseconds)
        let style = CutStyle.random(&random)
        let folder = "\(Self.root)/jade-cut-\(SystemRandomSource().uniqueID())"
        defer { try? LocalFileSystem().removeTree(folder) }
        try disk.image(style, &random, at: folder)
        do {
            guard random.happens(5) else {
                try await check.check(folder: folder, &random)
                return 1
            }
            return 1 + (try await cutRecovery(check, folder, &random))
        } catch { throw Wrong("\(style): \(error)") }
    }

    /// The power comes back, and goes again before the engine has recovered, or soon after.
    private func cutRecovery(_ check: PowerCutCheck, _ folder: String, _ random: inout SeededRandom) async throws -> Int {
        let recorder = try DiskRecorder(root: folder)
        let before = recorder.events.count
        RecordingSQLite.attach(recorder)
        defer { RecordingSQLite.detach(recorder) }
        var configuration = check.configuration
        configuration.dataDirectory = folder
        let engine = try PowerCutStory.open(configuration, RecordingFileSystem(recorder: recorder), ManualClock())
        if random.happens(50) { engine.performDueWork() }
        try await check.check(engine)
        engine.shutdown()
        let events = recorder.events
        // What was lost once stays lost: recovery may not bring a later state back than the first opening showed, nor lose more.
        for _ in 0..<4 {
            let moment = Int.random(in: before...events.count, using: &random)
            var disk = Disk()
            for event in events.prefix(moment) { disk.apply(event) }
            let style = CutStyle.random(&random)
            let second = "\(folder)-again"
            defer { try? LocalFileSystem().removeTree(second) }
            try disk.image(style, &random, at: second)
            do { try await check.check(folder: second, &random) } catch {
                throw Wrong("cut again at \(moment - before) of \(events.count - before), \(style): \(error)")
            }
        }
        return 4
    }
}
