import JadeTestSupport
import Testing

@Suite("Kill -9 under load", .serialized)
struct KillTests {
    /// Every acknowledged write is there and searchable, no half batch, counts exact: crash upon crash in one folder.
    /// `JADE_SEED` replays one folder's story; the moments at which things happen to meet differ all the same.
    @Test("nothing acknowledged is lost", arguments: Self.seeds)
    func nothingIsLost(_ seed: UInt64) async throws {
        let run = try CrashRun(seed: seed)
        try await run.run(rounds: Self.roundsPerFolder)
        let figures = await run.figures
        #expect(figures.acknowledged > 0)
        #expect(figures.kills > 0)
        if Tier.isLong { print("seed \(seed): \(figures)") }
    }

    /// 2 × 5 rounds, or 100 × 10 in the long tier; `JADE_ROUNDS` asks for another number.
    static let rounds = Tier.rounds(short: 10, long: 1_000)
    static let roundsPerFolder = Tier.isLong ? 10 : 5
    static let seeds: [UInt64] =
        Tier.givenSeed.map { [$0] } ?? (0..<max(1, rounds / roundsPerFolder)).map { Tier.seed + UInt64($0) }
}
