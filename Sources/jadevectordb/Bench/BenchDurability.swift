import ArgumentParser
import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeJSON

struct BenchDurability: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "durability", abstract: "Measures what a promise costs on this disk, and how long a start after a crash takes.",
        discussion: """
            Upserts that are synced before they are answered, in turns with the bare disk: the same bytes a group, written and \
            synced (fdatasync) one after the other in a file that has its blocks. Then a log of --replay-bytes is written, the \
            folder copied as a killed process would leave it, and the copy opened. One JSON line each.

              jadevectordb bench durability --folder /var/tmp
            """)

    @Option(help: ArgumentHelp("Where the files are made, and removed again.", valueName: "path")) var folder: String
    @Option(help: "Dimension of the vectors.") var dimension = 128
    @Option(help: "Vectors in one request.") var batch = 100
    @Option(help: "Requests under way at a time.") var concurrency = 1
    @Option(help: "Turns of each.") var rounds = 5
    @Option(help: "Seconds of a turn.") var seconds = 1.0
    @Option(help: "Bytes of log to replay; 0 leaves that out.") var replayBytes = 256 << 20

    func validate() throws {
        guard (1...1_000).contains(rounds), (0.1...60).contains(seconds), (1...256).contains(concurrency) else {
            throw ValidationError("--rounds takes 1 to 1000, --seconds 0.1 to 60, --concurrency 1 to 256")
        }
    }

    func run() async throws {
        let path = "\(folder)/jade-durability-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        Standard.out(try await syncedWrites("\(path)/synced"))
        if replayBytes > 0 { Standard.out(try await replay("\(path)/replayed")) }
    }

    private var specification: DatabaseSpecification {
        DatabaseSpecification(name: "docs", dimension: dimension, metric: .euclidean, index: IndexSettings(kind: .flat))
    }

    // MARK: synced writes

    private func syncedWrites(_ path: String) async throws -> [UInt8] {
        let engine = try Engine(EngineConfiguration(dataDirectory: path, syncOnWrite: true))
        defer { engine.shutdown() }
        _ = try await engine.createDatabase(specification)
        let disk = try BareDisk("\(path)/bare")
        let ids = NextID()
        _ = try await upserts(engine, ids, seconds: seconds / 4)
        var (engineRates, diskRates, groupBytes): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            let before = try engine.logActivity(of: "docs")
            let watch = Stopwatch()
            _ = try await upserts(engine, ids, seconds: seconds)
            let time = watch.seconds
            let after = try engine.logActivity(of: "docs")
            let groups = after.groups - before.groups
            let bytes = (after.bytes - before.bytes) / max(groups, 1)
            engineRates.append(Double(groups) / time)
            groupBytes.append(Double(bytes))
            diskRates.append(try disk.groupsPerSecond(bytes: bytes, seconds: seconds))
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("what"); writer.string("synced upserts")
        writer.key("dimension"); writer.integer(dimension)
        writer.key("batch"); writer.integer(batch)
        writer.key("concurrency"); writer.integer(concurrency)
        writer.key("group_bytes"); writer.double(Self.median(groupBytes))
        writer.key("groups_per_second"); writer.double(Self.median(engineRates))
        writer.key("disk_groups_per_second"); writer.double(Self.median(diskRates))
        let ratios = zip(engineRates, diskRates).map { $0 / $1 }
        writer.key("ratio"); writer.double(Self.median(ratios))
        writer.key("ratios"); writer.beginArray()
        for ratio in ratios { writer.double(ratio) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }

    private static func median(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }

    /// Upserts until the time is up; how many requests.
    private func upserts(_ engine: Engine, _ ids: NextID, seconds: Double) async throws -> Int {
        let watch = Stopwatch()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<concurrency {
                group.addTask { [batch, dimension] in
                    var count = 0
                    while watch.seconds < seconds {
                        let first = await ids.take(batch)
                        _ = try await engine.upsert(Self.records(first..<(first + batch), dimension), into: "docs")
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }

    private static func records(_ numbers: Range<Int>, _ dimension: Int) -> [VectorRecord] {
        numbers.map { number in
            VectorRecord(
                id: VectorID(UInt64(number)), values: [Float](repeating: Float(number % 1_000), count: dimension),
                metadata: ["n": .integer(Int64(number))])
        }
    }

    // MARK: replay

    private func replay(_ path: String) async throws -> [UInt8] {
        var configuration = EngineConfiguration(dataDirectory: path, checkpointTransactions: 1_000_000, checkpointSeconds: 86_400)
        configuration.checkpointBytes = 1 << 40
        let killed = "\(path)-killed"
        let engine = try Engine(configuration)
        _ = try await engine.createDatabase(specification)
        var number = 0
        while try engine.logActivity(of: "docs").bytes < replayBytes {
            _ = try await engine.upsert(Self.records(number..<(number + 1_000), dimension), into: "docs")
            number += 1_000
        }
        try FileManager.default.copyItem(atPath: path, toPath: killed)
        engine.shutdown()
        configuration.dataDirectory = killed
        let watch = Stopwatch()
        let again = try Engine(configuration)
        let (seconds, cpu) = (watch.seconds, watch.cpuSeconds)
        defer { again.shutdown() }
        let recovery = try await again.describeDatabase("docs").storage?.recovery
        let bytes = recovery?.bytes ?? 0
        guard try await again.count(matching: nil, in: "docs") == number else { throw JadeError.internal("rows were lost") }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("what"); writer.string("replay")
        writer.key("dimension"); writer.integer(dimension)
        writer.key("vectors"); writer.integer(number)
        writer.key("log_bytes"); writer.integer(bytes)
        writer.key("seconds"); writer.double(seconds)
        writer.key("cpu_seconds"); writer.double(cpu)
        writer.key("seconds_per_gigabyte"); writer.double(seconds / (Double(bytes) / 1e9))
        writer.endObject()
        return writer.bytes
    }
}

/// Ids that nobody has used yet.
private actor NextID {
    private var next = 0

    func take(_ count: Int) -> Int {
        defer { next += count }
        return next
    }
}

/// A file that is written and synced as a log would be, with nothing else to do.
private final class BareDisk {
    private static let fileBytes = 64 << 20
    private let descriptor: Int32

    /// Writes the whole file once, so that syncing never changes its length.
    init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw JadeError.unavailable("cannot open \(path): errno \(errno)") }
        let zeros = [UInt8](repeating: 0, count: Self.fileBytes)
        guard pwrite(descriptor, zeros, zeros.count, 0) == zeros.count, fdatasync(descriptor) == 0 else {
            throw JadeError.unavailable("cannot write \(path): errno \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Writes of so many bytes, each synced, from the file's beginning on.
    func groupsPerSecond(bytes: Int, seconds: Double) throws -> Double {
        let group = [UInt8](repeating: 7, count: min(max(bytes, 1), Self.fileBytes))
        let watch = Stopwatch()
        var (count, offset) = (0, 0)
        while watch.seconds < seconds {
            if offset + group.count > Self.fileBytes { offset = 0 }
            guard pwrite(descriptor, group, group.count, off_t(offset)) == group.count, fdatasync(descriptor) == 0 else {
                throw JadeError.unavailable("cannot write or sync: errno \(errno)")
            }
            offset += group.count
            count += 1
        }
        return Double(count) / watch.seconds
    }
}
