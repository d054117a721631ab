import JadeKernels
import Testing

@Suite("Atomic memory")
struct AtomicsTests {
    /// Memory that several tasks work on at once; every access goes through the functions under test.
    private final class Shared: @unchecked Sendable {
        let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        let long = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
        let byteLock = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        let wordLock = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        var guardedByByte = 0
        var guardedByWord = 0

        init() {
            word.initialize(to: 0)
            long.initialize(to: 0)
            byteLock.initialize(to: 0)
            wordLock.initialize(to: 0)
        }

        deinit {
            word.deallocate()
            long.deallocate()
            byteLock.deallocate()
            wordLock.deallocate()
        }

        func work(rounds: Int) {
            for _ in 0..<rounds {
                _ = word.fetchAdd(1)
                while true {
                    let seen = long.loadAcquire()
                    if long.compareExchange(expected: seen, desired: seen + 3) { break }
                }
                byteLock.spinLock()
                guardedByByte += 1
                byteLock.spinUnlock()
                wordLock.spinLock()
                guardedByWord += 1
                wordLock.spinUnlock()
            }
        }
    }

    @Test("no increment is lost between tasks")
    func counts() async {
        let shared = Shared()
        await withTaskGroup { group in
            for _ in 0..<4 { group.addTask { shared.work(rounds: 20_000) } }
        }
        #expect(shared.word.loadAcquire() == 80_000)
        #expect(shared.long.loadAcquire() == 240_000)
        #expect(shared.guardedByByte == 80_000)
        #expect(shared.guardedByWord == 80_000)
    }

    @Test("loads and stores of one thread")
    func plain() {
        let shared = Shared()
        shared.word.storeRelaxed(5)
        #expect(shared.word.loadRelaxed() == 5 && UnsafePointer(shared.word).loadAcquire() == 5)
        shared.long.storeRelease(1 << 40)
        #expect(shared.long.loadRelaxed() == 1 << 40 && UnsafePointer(shared.long).loadRelaxed() == 1 << 40)
        #expect(!shared.word.compareExchange(expected: 4, desired: 9) && shared.word.loadRelaxed() == 5)
        #expect(shared.word.compareExchange(expected: 5, desired: 9) && shared.word.fetchAdd(1) == 9)
        #expect(shared.byteLock.spinTryLock() && !shared.byteLock.spinTryLock())
        shared.byteLock.spinUnlock()
        #expect(shared.byteLock.spinTryLock())
        #expect(shared.wordLock.spinTryLock() && !shared.wordLock.spinTryLock())
        prefetch(nil)
        prefetch(UnsafeRawPointer(bitPattern: 64))
    }
}
