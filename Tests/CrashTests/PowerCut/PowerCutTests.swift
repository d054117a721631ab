import Foundation
import JadeCore
import JadeIO
import JadeTestSupport
import Testing

/// The power goes at any moment of a recorded life, and the disk holds any of what the sync calls allow.
@Suite("Power cuts", .serialized)
struct PowerCutTests {
    private static let root = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    /// Cuts in all; `JADE_ROUNDS` asks for another number.
    private static let cuts = Tier.rounds(short: 900, long: 100_000)
    private static let cutsPerStory = 300

    @Test("nothing acknowledged is lost, and what is left is a moment of the past")
    func nothingIsLost() async throws {
        let stories = (Self.cuts + Self.cutsPerStory - 1) / Self.cutsPerStory
        let first = Tier.seed
        let count = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<2 {
                group.addTask {
                    var done = 0
                    for number in stride(from: worker, to: stories, by: 2) {
                        let seed = first + UInt64(number)
                        do { done += try await Self.story(seed: seed) } catch { Issue.record("seed \(seed): \(error)") }
                    }
                    return done
                }
            }
            return await group.reduce(0, +)
        }
        #expect(count >= Self.cuts)
        if Tier.isLong { print("\(count) power cuts in \(stories) stories from seed \(first)") }
    }

    enum Lie: CaseIterable {
        case files, mappedPages, folders

        /// Whether a disk that lies like this forgets the event.
        func forgets(_ event: DiskEvent) -> Bool {
            switch (self, event) {
            case (.files, .sync(_, nil, _)), (.mappedPages, .sync(_, .some, _)), (.folders, .syncFolder): true
            default: false
            }
        }
    }

    /// A check that finds nothing must not be one that cannot find anything. In the long tier, because what such a disk holds
    /// is stranger than any power cut's images.
    @Test("a disk whose syncs do nothing is noticed", .enabled(if: Tier.isLong), arguments: Lie.allCases)
    func liesAreNoticed(_ lie: Lie) async throws {
        let folder = "\(Self.root)/jade-cut-\(SystemRandomSource().uniqueID())"
        defer { try? LocalFileSystem().removeTree(folder) }
        var story = try await PowerCutStory(seed: Tier.seed, folder: folder, strict: true)
        try await story.tell(steps: 30)
        story.end()
        var cutter = Cutter(story: story, seed: Tier.seed) { !lie.forgets($0) }
        await #expect(throws: Wrong.self) { _ = try await cutter.run(cuts: 60) }
    }

    /// Records a story and cuts it; how many times.
    private static func story(seed: UInt64) async throws -> Int {
        let folder = "\(root)/jade-cut-\(SystemRandomSource().uniqueID())"
        defer { try? LocalFileSystem().removeTree(folder) }
        var story = try await PowerCutStory(seed: seed, folder: folder)
        do { try await story.tell(steps: 40) } catch {
            story.end()
            throw error
        }
        story.end()
        var cutter = Cutter(story: story, seed: seed)
        return try await cutter.run(cuts: cutsPerStory)
    }
}
