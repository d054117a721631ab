import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Logging

/// A life of an engine that is recorded, with everything that its databases went through.
struct PowerCutStory {
    static let dimension = 12
    /// Milliseconds.
    static let syncInterval = 5_000
    /// Ids that are written again and again.
    private static let idCount = 60

    let configuration: EngineConfiguration
    let recorder: DiskRecorder
    private(set) var histories: [History] = []
    private let clock = ManualClock()
    private var engine: Engine
    private var random: SeededRandom
    private var marks = 0
    private var time = 0

    /// - Parameter strict: every write is synced, and checkpoints come often.
    init(seed: UInt64, folder: String, strict: Bool = false) async throws {
        random = SeededRandom(seed: seed)
        var configuration = EngineConfiguration(
            dataDirectory: folder, syncOnWrite: random.happens(60), syncIntervalSeconds: Self.syncInterval / 1_000,
            checkpointTransactions: [2, 4, 9, 1_000][Int.random(in: 0..<4, using: &random)], searchThreads: 1, buildThreads: 1)
        if strict { (configuration.syncOnWrite, configuration.checkpointTransactions) = (true, 3) }
        configuration.checkpointSeconds = [8, 300][Int.random(in: 0..<2, using: &random)]
        configuration.logSegmentBytes = [4 << 10, 64 << 10, 64 << 20][Int.random(in: 0..<3, using: &random)]
        self.configuration = configuration
        try LocalFileSystem().createDirectory(folder)
        recorder = try DiskRecorder(root: folder)
        RecordingSQLite.attach(recorder)
        engine = try Self.open(configuration, RecordingFileSystem(recorder: recorder), clock)
    }

    static func open(_ configuration: EngineConfiguration, _ files: any FileSystem, _ clock: any Clock) throws -> Engine {
        var logger = Logger(label: "jade.power-cuts")
        logger.logLevel = .critical
        return try Engine(configuration, files: files, clock: clock, random: SystemRandomSource(), logger: logger)
    }

    /// What a power cut may take.
    var losableMilliseconds: Int { configuration.syncOnWrite ? 0 : Self.syncInterval }

    mutating func tell(steps: Int) async throws {
        try await create("docs", random.happens(60) ? .hnsw : .flat)
        for _ in 0..<steps { try await step() }
        if random.happens(50) { engine.shutdown() } else { try await step() }
    }

    /// Ends the recording.
    func end() {
        engine.shutdown()
        RecordingSQLite.detach(recorder)
    }

    private mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<38: try await upsert()
        case 38..<50: try await delete()
        case 50..<60: try await changeMetadata()
        case 60..<68: try await burst()
        case 68..<86: pass()
        case 86..<90: try reopen()
        case 90..<95: try await create("side-\(histories.count)", random.happens(50) ? .hnsw : .flat)
        default: try await drop()
        }
    }

    /// Time goes by.
    private mutating func pass() {
        let milliseconds = Int.random(in: 50...1_900, using: &random)
        clock.advance(byMilliseconds: UInt64(milliseconds))
        time += milliseconds
        // As the engine's own timer does, which looks once a second.
        engine.performDueWork()
        recorder.mark(.time(time))
    }

    private mutating func reopen() throws {
        engine.shutdown()
        engine = try Self.open(configuration, RecordingFileSystem(recorder: recorder), clock)
    }

    private mutating func nextMark() -> Int {
        marks += 1
        recorder.mark(.began(marks))
        return marks
    }

    private mutating func create(_ name: String, _ kind: IndexSettings.Kind) async throws {
        let mark = nextMark()
        _ = try await engine.createDatabase(
            DatabaseSpecification(
                name: name, dimension: Self.dimension, metric: random.happens(50) ? .cosine : .euclidean,
                index: IndexSettings(kind: kind, m: 4, efConstruction: 16)))
        recorder.mark(.acknowledged(mark))
        histories.append(History(name: name, created: mark))
    }

    private mutating func drop() async throws {
        guard histories.count > 1, let index = anyDatabase(), index > 0 else { return }
        let mark = nextMark()
        histories[index].dropped = mark
        try await engine.deleteDatabase(histories[index].name)
        recorder.mark(.acknowledged(mark))
    }

    /// Mostly the first.
    private mutating func anyDatabase() -> Int? {
        let living = histories.indices.filter { histories[$0].dropped == nil }
        if random.happens(70) { return living.first }
        return living.isEmpty ? nil : living[Int.random(in: 0..<living.count, using: &random)]
    }

    private mutating func upsert() async throws {
        guard let index = anyDatabase() else { return }
        let records = randomRecords()
        try await write(index, Self.change(records)) { try await $0.upsert(records, into: $1) }
    }

    private mutating func randomRecords() -> [VectorRecord] {
        let largest = random.happens(10) ? 90 : 9
        return (0..<Int.random(in: 1...largest, using: &random)).map { _ in
            VectorRecord(
                id: randomID(), values: random.vector(Self.dimension),
                metadata: ["mark": .integer(Int64(marks)), "n": .integer(Int64.random(in: 0..<5, using: &random))])
        }
    }

    private static func change(_ records: [VectorRecord]) -> History.Change {
        History.Change(records.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    }

    private mutating func randomID() -> VectorID {
        let number = Int.random(in: 0..<Self.idCount, using: &random)
        guard number % 4 == 0 else { return VectorID(UInt64(number)) }
        // Some so long that pages of them die within a story.
        let rest = String(repeating: "/and-on", count: 60)
        return VectorID(uncheckedText: "a-name-that-does-not-fit-into-the-head-of-a-row-\(number)\(rest)", isInteger: false)
    }

    private mutating func delete() async throws {
        guard let index = anyDatabase() else { return }
        let all = histories[index].vectors.keys.sorted { $0.text < $1.text }
        let doomed = random.happens(15) ? all : all.filter { _ in random.happens(20) }
        guard !doomed.isEmpty else { return }
        try await write(index, History.Change(uniqueKeysWithValues: doomed.map { ($0, nil) })) { try await $0.delete(doomed, from: $1) }
    }

    private mutating func changeMetadata() async throws {
        guard let index = anyDatabase() else { return }
        let all = histories[index].vectors.values.sorted { $0.id.text < $1.id.text }
        guard !all.isEmpty else { return }
        var record = all[Int.random(in: 0..<all.count, using: &random)]
        record.metadata = ["changed": .integer(Int64(marks)), "n": 7]
        let (id, metadata) = (record.id, record.metadata)
        try await write(index, [id: record]) { try await $0.updateMetadata(.replace(metadata), of: id, in: $1) }
    }

    private mutating func write(
        _ index: Int, _ change: History.Change, _ body: (Engine, String) async throws -> WriteResult
    ) async throws {
        let mark = nextMark()
        histories[index].append(change, mark: mark)
        _ = try await body(engine, histories[index].name)
        recorder.mark(.acknowledged(mark))
    }

    /// Several at once, which the engine may log as a group.
    private mutating func burst() async throws {
        guard let index = anyDatabase() else { return }
        let requests = (0..<5).map { _ in (records: randomRecords(), mark: nextMark()) }
        let (engine, recorder, name) = (engine, recorder, histories[index].name)
        let answered = try await withThrowingTaskGroup(of: (UInt64, Int).self) { group in
            for (number, request) in requests.enumerated() {
                group.addTask {
                    let result = try await engine.upsert(request.records, into: name)
                    recorder.mark(.acknowledged(request.mark))
                    return (result.sequence, number)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (_, number) in answered.sorted(by: { $0.0 < $1.0 }) {
            histories[index].append(Self.change(requests[number].records), mark: requests[number].mark)
        }
    }
}
