import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeSecurity
import JadeTestSupport
import Testing

@Suite("What every request pays for access")
struct HotPathTests {
    /// Prints nanoseconds of processor time with `JADE_MEASURE=1`; the figure in docs/security.md comes from here.
    @Test("a known credential is checked without the catalog")
    func measure() async throws {
        let world = try World()
        try world.addUser("ann", roles: ["datascientist"])
        let database = try world.addDatabase(1)
        let secret = try world.accounts.createKey(APIKeyRequest(name: "k"), for: "ann", by: world.root).secret
        let caller = try world.authentication.caller(secret.text)
        #expect(try world.authentication.readyCaller(secret) == caller)
        guard ProcessInfo.processInfo.environment["JADE_MEASURE"] == "1" else { return }
        let rounds = 200_000
        var samples: [[Double]] = [[], []]
        for _ in 0..<7 {
            samples[0].append(try nanoseconds(rounds) {
                guard let known = Secret(secret.text), let ready = try world.authentication.readyCaller(known) else { throw WaitError.waited("") }
                try ready.require(.vectorRead, on: database)
            })
            samples[1].append(try nanoseconds(rounds) { try caller.require(.vectorRead, on: database) })
        }
        for (name, times) in zip(["credential to caller, and the check", "the check alone"], samples) {
            let sorted = times.sorted()
            print("\(name): median \(sorted[3]) ns, \(sorted[0]) to \(sorted[6])")
        }
    }

    private func nanoseconds(_ rounds: Int, _ body: () throws -> Void) throws -> Double {
        var before = timespec(), after = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before)
        for _ in 0..<rounds { try body() }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after)
        return (Double(after.tv_sec - before.tv_sec) * 1e9 + Double(after.tv_nsec - before.tv_nsec)) / Double(rounds)
    }
}
