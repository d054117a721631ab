import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport

/// Opens what a power cut has left and compares it with what the client knew.
struct PowerCutCheck {
    let configuration: EngineConfiguration
    let histories: [History]
    let knowledge: Knowledge
    let losableMilliseconds: Int

    /// Everything that must hold, however the folder came to be.
    func check(_ engine: Engine) async throws {
        let described = try await engine.listDatabases()
        if let problem = described.compactMap(\.problem).first { throw Wrong("a database cannot be opened: \(problem)") }
        let names = Set(described.map(\.name))
        for history in histories {
            guard names.contains(history.name) else {
                if knowledge.mustExist(history) { throw Wrong("\(history.name) is gone") }
                continue
            }
            guard knowledge.mayExist(history) else { throw Wrong("\(history.name) is there again") }
            try await check(history, engine)
        }
        let unknown = names.subtracting(histories.map(\.name))
        guard unknown.isEmpty else { throw Wrong("\(unknown) was never created") }
    }

    private func check(_ history: History, _ engine: Engine) async throws {
        let lengths = knowledge.lengths(of: history, losing: losableMilliseconds)
        let found = try await everything(engine, in: history.name)
        guard lengths.contains(where: { history.states[$0] == found }) else { throw Wrong(difference(history, lengths, found)) }
        let count = try await engine.count(matching: nil, in: history.name)
        let matching = try await engine.count(matching: .exists(FieldPath("n"), true), in: history.name)
        let shown = try await engine.describeDatabase(history.name).vectorCount
        guard count == found.count, matching == count, shown == count else {
            throw Wrong("\(history.name) counts \(count), \(matching) and \(shown), and holds \(found.count)")
        }
        for record in found.values.prefix(2) {
            for exact in [true, false] {
                let answer = try await engine.search(
                    SearchRequest(query: .values(record.values), topK: 1, efSearch: 100, exact: exact), in: history.name)
                guard answer.results.map(\.id) == [record.id] else { throw Wrong("\(record.id) of \(history.name) is not its own nearest") }
            }
        }
    }

    private func difference(_ history: History, _ lengths: ClosedRange<Int>, _ found: History.Vectors) -> String {
        let earlier = history.states.lastIndex(of: found)
        let kind = earlier.map { "what was there after \($0) writes" } ?? "no state that ever was"
        let last = history.states[lengths.upperBound]
        let wrong = Set(found.keys).union(last.keys).filter { found[$0] != last[$0] }
        return "\(history.name) holds \(found.count) vectors, \(kind); expected after \(lengths) of \(history.states.count - 1); "
            + "\(wrong.count) differ from the last of these"
    }

    /// Writes are taken, and what is there stays through a proper end.
    func goOn(_ engine: Engine) async throws {
        for history in histories where knowledge.mustExist(history) {
            let record = VectorRecord(
                id: 5_000, values: [Float](repeating: 0.5, count: PowerCutStory.dimension), metadata: ["n": 1])
            _ = try await engine.upsert([record], into: history.name)
            guard try await engine.vectors([5_000], in: history.name, parts: .values).count == 1 else { throw Wrong("a write is not found") }
            _ = try await engine.delete([5_000], from: history.name)
        }
    }

    /// Opens the folder as the next start of a server does. Some of the folders go through more than that.
    func check(folder: String, _ random: inout SeededRandom) async throws {
        var configuration = configuration
        configuration.dataDirectory = folder
        let reopens = random.happens(12)
        if reopens { try verify(folder, "before it was opened") }
        let engine = try PowerCutStory.open(configuration, LocalFileSystem(), SystemClock())
        do {
            try await check(engine)
            try await goOn(engine)
        } catch {
            engine.shutdown()
            throw error
        }
        engine.shutdown()
        guard reopens else { return }
        try verify(folder, "after it was closed")
        let again = try PowerCutStory.open(configuration, LocalFileSystem(), SystemClock())
        defer { again.shutdown() }
        try await check(again)
    }

    private func verify(_ folder: String, _ moment: String) throws {
        guard try LocalFileSystem().isDirectory("\(folder)/databases") else { return }
        let report = try FolderVerification.verify(folder)
        guard report.isSound else { throw Wrong("\(moment): \(report.allFindings.all.map(\.description))") }
    }
}
