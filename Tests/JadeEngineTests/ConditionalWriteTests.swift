import JadeAPI
public import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// A write with a condition is done if the condition holds at the write, and leaves nothing behind otherwise.
@Suite("Writes with conditions")
struct ConditionalWriteTests {
    private let folder = DataFolder()

    private func open(
        _ folder: DataFolder, clock: any Clock = SystemClock(), type: ElementType = .float32
    ) async throws -> Engine {
        let engine = try Engine(
            EngineConfiguration(dataDirectory: folder.path, searchThreads: 2, buildThreads: 2), files: LocalFileSystem(), clock: clock,
            random: SystemRandomSource())
        if try await engine.listDatabases().isEmpty {
            _ = try await engine.createDatabase(
                DatabaseSpecification(name: "docs", dimension: 16, metric: type.metrics[0], elementType: type))
        }
        return engine
    }

    @Test("fifty writers who count with what they have read lose nothing")
    func counters() async throws {
        let engine = try await open(folder)
        defer { engine.shutdown() }
        _ = try await engine.upsert([record("n", 0, ["count": 0]), record("m", 0)], into: "docs")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    for _ in 0..<4 {
                        if number % 2 == 0 { try await count(engine) } else { try await countInValues(engine) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await engine.vector("n", in: "docs")?.metadata == ["count": 100])
        #expect(try await engine.vector("m", in: "docs")?.values?.first == 100)
    }

    @Test("of many who insert, change or delete at once under the same condition one does")
    func oneWinner() async throws {
        let engine = try await open(folder)
        defer { engine.shutdown() }
        for round in 0..<20 {
            let id = VectorID(UInt64(round))
            let inserted = await winners(.absent, engine) { .upsert(record(id, Float($0))) }
            #expect(inserted == 1, "round \(round)")
            let first = try #require(try await version(id, engine))
            let changed = await winners(.version(first), engine) { number in
                number % 2 == 0 ? .updateMetadata(.merge(["by": .integer(Int64(number))]), of: id) : .upsert(record(id, 100 + Float(number)))
            }
            #expect(changed == 1, "round \(round)")
            let second = try #require(try await version(id, engine))
            #expect(second != first)
            let deleted = await winners(.matches([first, second]), engine) { _ in .delete(id) }
            #expect(deleted == 1, "round \(round)")
        }
        #expect(try await engine.count(matching: nil, in: "docs") == 0)
    }

    @Test("each condition, for each kind of write")
    func conditions() async throws {
        let engine = try await open(folder)
        defer { engine.shutdown() }
        let writes: [(VectorID) -> VectorWrite] = [
            { .upsert(record($0, 2)) }, { .updateMetadata(.replace(["a": 1]), of: $0) }, { .delete($0) },
        ]
        for (number, write) in writes.enumerated() {
            let id = try VectorID("v\(number)")
            for condition in [VersionCondition.exists, .version("0123")] {
                let refused = await refusal(write("nobody"), condition, engine)
                #expect(refused?.code == .preconditionFailed && refused?.message.hasPrefix("vector \"nobody\" does not exist") == true)
            }
            _ = try await engine.upsert([record(id)], into: "docs")
            let present = try #require(try await version(id, engine))
            #expect(present.utf8.count == 32)
            let sequence = try await engine.upsert([record("other")], into: "docs").sequence
            for condition in [VersionCondition.absent, .version("0123"), .matches([String(present.dropLast()), present.uppercased() + "x"])] {
                let refused = await refusal(write(id), condition, engine)
                #expect(refused?.code == .preconditionFailed && refused?.message.contains("version \(present)") == true, "\(condition)")
            }
            #expect(try await version(id, engine) == present)
            // What was refused has no place in the order of writes.
            #expect(try await engine.write(write(id), if: .matches(["x", present]), in: "docs").sequence == sequence + 1)
            #expect(try await version(id, engine) != present)
        }
        #expect(await refusal(.upsert(record("v0", 3)), .exists, engine) == nil)
        #expect(await refusal(.upsert(record("new", 3)), .absent, engine) == nil)
        #expect(await refusal(.delete("nobody"), .absent, engine)?.code == .notFound)
        #expect(await refusal(.updateMetadata(.merge([:]), of: "nobody"), .absent, engine)?.code == .notFound)
        for wrong in [VersionCondition.matches([]), .version(""), .version("a\"b"), .version("ä"), .matches([String](repeating: "a", count: 101))] {
            #expect(await refusal(.delete("v0"), wrong, engine)?.code == .invalidArgument)
        }
        #expect(await refusal(.upsert(VectorRecord(id: "v0", values: [1])), .exists, engine)?.code == .invalidArgument)
    }

    @Test("the version follows values, metadata and expiry, and comes back with them", arguments: ElementType.allCases)
    func whatItCovers(_ type: ElementType) async throws {
        var engine = try await open(folder, type: type)
        defer { engine.shutdown() }
        let far: Int64 = 4_000_000_000_000
        let states = [
            record("v", 1, ["a": 1]), record("v", 0, ["a": 1]), record("v", 1, ["a": 2]), record("v", 1, ["a": 1.5]), record("v", 1, ["a": nil]), record("v", 1),
            record("v", 1, ["a": 1], .at(milliseconds: far)), record("v", 1, ["a": 1], .at(milliseconds: far + 1)),
        ]
        var seen: [String] = []
        for state in states {
            _ = try await engine.upsert([state], into: "docs")
            seen.append(try #require(try await version("v", engine)))
        }
        #expect(Set(seen).count == states.count)
        for (state, expected) in zip(states, seen) {
            // By another way to the same vector.
            _ = try await engine.upsert([record("v", 1, ["b": 2, "a": 9], state.expiry), record("w")], into: "docs")
            _ = try await engine.upsert([record("v", state.values[0], ["z": 1], state.expiry)], into: "docs")
            _ = try await engine.updateMetadata(.replace(state.metadata), of: "v", in: "docs")
            #expect(try await version("v", engine) == expected)
        }
        let page = try await engine.scroll(ScrollRequest(parts: [.version]), in: "docs")
        #expect(page.vectors.first { $0.id == "v" }?.version == seen.last)
        // What a kill leaves, and what a clean end leaves.
        let killed = try folder.copy()
        let again = try await open(killed, type: type)
        #expect(try await version("v", again) == seen.last)
        #expect(await refusal(.updateMetadata(.merge(["c": 1]), of: "v"), .version(seen[7]), again) == nil)
        again.shutdown()
        engine.shutdown()
        engine = try await open(folder, type: type)
        #expect(try await version("v", engine) == seen.last)
        #expect(await refusal(.delete("v"), .version(seen[7]), engine) == nil)
    }

    @Test("values that the element type makes the same have the same version")
    func storedValues() async throws {
        let engine = try await open(folder, type: .float16)
        defer { engine.shutdown() }
        _ = try await engine.upsert([record("a", 1), record("b", 1.00001), record("c", 1.01)], into: "docs")
        let versions = try await engine.vectors(["a", "b", "c"], in: "docs", parts: .version).map(\.version)
        #expect(versions[0] == versions[1] && versions[0] != versions[2])
    }

    @Test("what has expired does not exist for a condition, and a vector that takes its row does")
    func expiry() async throws {
        let clock = ManualClock(wallMilliseconds: 1_700_000_000_000)
        let engine = try await open(folder, clock: clock)
        defer { engine.shutdown() }
        _ = try await engine.upsert([record("v", 1, [:], .after(seconds: 10))], into: "docs")
        let first = try #require(try await version("v", engine))
        #expect(await refusal(.upsert(record("v", 2)), .absent, engine)?.code == .preconditionFailed)
        clock.advance(byMilliseconds: 10_001)
        #expect(try await version("v", engine) == nil)
        for condition in [VersionCondition.exists, .version(first)] {
            let refused = await refusal(.delete("v"), condition, engine)
            #expect(refused?.code == .preconditionFailed && refused?.message.contains("does not exist") == true)
        }
        #expect(await refusal(.upsert(record("v", 2)), .absent, engine) == nil)
        #expect(try await engine.vector("v", in: "docs")?.values?.first == 2)
    }

    @Test("a refused write leaves no byte in the log")
    func log() async throws {
        let engine = try await open(folder)
        _ = try await engine.upsert([record("v", 1)], into: "docs")
        let before = try logBytes()
        for _ in 0..<20 {
            #expect(await refusal(.upsert(record("v", 2)), .absent, engine)?.code == .preconditionFailed)
            #expect(await refusal(.upsert(record("w", 2)), .exists, engine)?.code == .preconditionFailed)
            #expect(await refusal(.updateMetadata(.merge(["a": 1]), of: "v"), .version("x"), engine)?.code == .preconditionFailed)
            #expect(await refusal(.delete("v"), .version("x"), engine)?.code == .preconditionFailed)
        }
        #expect(try logBytes() == before && !before.isEmpty)
        #expect(await refusal(.upsert(record("v", 2)), .exists, engine) == nil)
        #expect(try logBytes() != before)
        engine.shutdown()
    }

    /// The logs of all shards, by their paths.
    private func logBytes(below path: String? = nil) throws -> [String: [UInt8]] {
        let files = LocalFileSystem()
        var found: [String: [UInt8]] = [:]
        for name in try files.list(path ?? folder.path) {
            let full = "\(path ?? folder.path)/\(name)"
            if try files.isDirectory(full) {
                found.merge(try logBytes(below: full)) { first, _ in first }
            } else if full.contains("/wal/") {
                found[full] = try files.readFile(full, limit: 1 << 30)
            }
        }
        return found
    }
}

private func record(_ id: VectorID, _ first: Float = 1, _ metadata: Metadata = [:], _ expiry: Expiry? = nil) -> VectorRecord {
    VectorRecord(id: id, values: [first] + [Float](repeating: 0, count: 15), metadata: metadata, expiry: expiry)
}

private func version(_ id: VectorID, _ engine: Engine) async throws -> String? {
    let read = try await engine.vector(id, in: "docs", parts: .version)
    #expect(read?.values == nil && read?.metadata == nil)
    return read?.version
}

/// The code with which a write is refused; nil when it is done.
private func refusal(_ write: VectorWrite, _ condition: VersionCondition, _ engine: Engine) async -> JadeError? {
    do throws(JadeError) {
        _ = try await engine.write(write, if: condition, in: "docs")
        return nil
    } catch {
        return error
    }
}

private func count(_ engine: Engine) async throws {
    while true {
        let read = try #require(try await engine.vector("n", in: "docs"))
        guard case .integer(let count) = read.metadata?["count"], let version = read.version else { throw JadeError.internal("no count") }
        let refused = await refusal(.updateMetadata(.merge(["count": .integer(count + 1)]), of: "n"), .version(version), engine)
        if refused == nil { return }
        #expect(refused?.code == .preconditionFailed)
    }
}

private func countInValues(_ engine: Engine) async throws {
    while true {
        let read = try #require(try await engine.vector("m", in: "docs"))
        let (values, version) = (try #require(read.values), try #require(read.version))
        let refused = await refusal(.upsert(record("m", values[0] + 1)), .version(version), engine)
        if refused == nil { return }
        #expect(refused?.code == .preconditionFailed)
    }
}

/// How many of sixteen writers, who all begin at once so that groups form, were not refused.
private func winners(_ condition: VersionCondition, _ engine: Engine, _ write: @escaping @Sendable (Int) -> VectorWrite) async -> Int {
    await withTaskGroup(of: Bool.self) { group in
        for number in 0..<16 { group.addTask { await refusal(write(number), condition, engine) == nil } }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
}

extension VectorID: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) {
        do { try self.init(text) } catch { preconditionFailure("\(error)") }
    }
}
