import Foundation
import JadeKernels
import Testing

@Suite("Topology")
struct TopologyTests {
    @Test("the counts fit together")
    func summary() throws {
        let topology = try Topology()
        let summary = topology.summary
        #expect(summary.packages >= 1 && summary.cores >= summary.packages && summary.units >= summary.cores)
        #expect((1...summary.units).contains(summary.allowedUnits))
        #expect(topology.allowedUnits.count == summary.allowedUnits)
        #expect(!summary.nodes.isEmpty)
        #expect(summary.nodes.flatMap(\.allowedUnits).sorted() == topology.allowedUnits)
        #expect(summary.nodes.map(\.index) == Array(summary.nodes.indices))
    }

    @Test("what does not exist is no place")
    func noSuchPlace() throws {
        let topology = try Topology.shared()
        #expect(topology.pinThread(toUnits: []) == .noSuchPlace)
        #expect(topology.pinThread(toUnits: [-1]) == .noSuchPlace)
        #expect(topology.pinThread(toUnits: [1 << 20]) == .noSuchPlace)
        #expect(topology.pinThread(toNode: 1 << 20) == .noSuchPlace)
        #expect(bindPage(topology, toNode: 99) == .noSuchPlace)
    }

    @Test("memory and threads of node 0")
    func firstNode() throws {
        let topology = try Topology.shared()
        let expected: Set<Placement> = topology.summary.nodes.count == 1 ? [.oneNode] : [.placed, .refused]
        #expect(expected.contains(bindPage(topology, toNode: 0)))
        #expect(expected.contains(onOwnThread { topology.pinThread(toNode: 0) }))
    }

    private func bindPage(_ topology: Topology, toNode node: Int) -> Placement {
        GuardedMemory.with { topology.bindMemory($0.bytes(65_536).baseAddress!, byteCount: 65_536, toNode: node) }
    }

    #if os(Linux)
    @Test("a pinned thread runs there only, until it is unpinned")
    func pinning() throws {
        let topology = try Topology.shared()
        for unit in topology.allowedUnits.prefix(4) {
            let seen = onOwnThread {
                let pinned = topology.pinThread(toUnits: [unit]), onOne = allowedMask()
                return (pinned, onOne, topology.unpinThread(), allowedMask())
            }
            #expect(seen.0 == .placed && seen.1 == mask([unit]), "unit \(unit): \(seen.1)")
            #expect(seen.2 == .placed && seen.3 == mask(topology.allowedUnits), "unit \(unit): \(seen.3)")
        }
    }

    /// The units that the system lets the calling thread run on, as 32-bit words, lowest first.
    private func allowedMask() -> [UInt32] {
        let status = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") } ?? ""
        let words = line.drop { $0 != "\t" }.dropFirst().split(separator: ",").map { UInt32($0, radix: 16) ?? 0 }
        return trimmed(words.reversed())
    }

    private func mask(_ units: [Int]) -> [UInt32] {
        var words = [UInt32](repeating: 0, count: units.max()! / 32 + 1)
        for unit in units { words[unit / 32] |= 1 << UInt32(unit % 32) }
        return words
    }

    private func trimmed(_ words: [UInt32]) -> [UInt32] { words.lastIndex { $0 != 0 }.map { Array(words[...$0]) } ?? [] }
    #endif

    /// Runs `body` on a thread of its own, so that placing it moves nothing else.
    private func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let answer = Answer<Value>()
        let thread = Thread { answer.give(body()) }
        thread.start()
        return answer.wait()
    }
}

/// A value handed from one thread to another. `@unchecked`: the semaphore orders the one write before the one read.
private final class Answer<Value: Sendable>: @unchecked Sendable {
    private var value: Value?
    private let given = DispatchSemaphore(value: 0)

    func give(_ value: Value) {
        self.value = value
        given.signal()
    }

    func wait() -> Value {
        given.wait()
        return value!
    }
}
