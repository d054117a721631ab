import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeS3
import JadeStorage
import JadeTestSupport
import Logging
import Testing

/// A server of S3's interface as a child process: moto, a mock, where `scripts/setup-s3.sh` has installed it; Ceph's RADOS gateway, a
/// real one, in the long tier where its packages are.
enum S3Server: String, CaseIterable, CustomTestStringConvertible {
    case moto, ceph

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let motoProgram = root.appending(path: ".build/s3/bin/moto_server").path

    var testDescription: String { rawValue }

    /// Those that can be started here.
    static let available: [S3Server] = allCases.filter(\.isAvailable)

    private var isAvailable: Bool {
        switch self {
        case .moto: FileManager.default.isExecutableFile(atPath: Self.motoProgram)
        case .ceph: Tier.isLong && FileManager.default.isExecutableFile(atPath: "/usr/bin/radosgw")
        }
    }

    /// Starts it, runs `body` with its address, and ends it.
    func run(_ body: (String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let process = Process()
        process.currentDirectoryURL = folder.url
        switch self {
        case .moto:
            process.executableURL = URL(filePath: Self.motoProgram)
            process.arguments = ["-H", "127.0.0.1", "-p", "\(port)"]
        case .ceph:
            process.executableURL = URL(filePath: "/usr/bin/bash")
            process.arguments = [Self.root.appending(path: "scripts/start-rgw.sh").path, folder.path("ceph"), "\(port)"]
        }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.start()
        defer { end(process, folder) }
        let url = "http://127.0.0.1:\(port)"
        if self == .ceph { _ = try await poll("ceph", seconds: 120) { process.isRunning ? nil : true } }
        let store = S3ObjectStore(S3Bucket(endpoint: url, bucket: "ready", accessKey: "jadekey", secretKey: "jadesecret"), patience: Self.impatient)
        _ = try await poll("the S3 server", seconds: 60) { try? await store.createBucket() }
        try await body(url)
    }

    private static var impatient: S3Patience {
        var patience = S3Patience()
        patience.tries = 1
        return patience
    }

    /// Ceph's script leaves four processes behind, and says which.
    private func end(_ process: Process, _ folder: TemporaryFolder) {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        let text = (try? String(contentsOfFile: folder.path("ceph/run/pids"), encoding: .utf8)) ?? ""
        for pid in text.split(whereSeparator: \.isNewline).compactMap({ Int32($0) }) { kill(pid, SIGKILL) }
    }

    private func freePort() throws -> UInt16 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(socket, generic, length) == 0 && getsockname(socket, generic, &length) == 0
            }
        }
        guard port else { throw WaitError.waited("a free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}

@Suite("A server of S3's interface", .serialized, .enabled(if: !S3Server.available.isEmpty, "scripts/setup-s3.sh installs one"))
struct S3ServerTests {
    @Test("does what every store does, and holds backups", arguments: S3Server.available)
    func server(_ server: S3Server) async throws {
        try await server.run { url in
            func bucket(_ name: String, prefix: String = "", secret: String = "jadesecret") -> S3ObjectStore {
                S3ObjectStore(S3Bucket(endpoint: url, bucket: name, prefix: prefix, accessKey: "jadekey", secretKey: secret))
            }
            try await bucket("checks").createBucket()
            try await ObjectStoreChecks.run(bucket("checks"))
            try await ObjectStoreChecks.run(bucket("checks", prefix: "below/here"))
            if server == .ceph {
                do {
                    _ = try await bucket("checks", secret: "wrong").size(of: ObjectKey("a"))
                    Issue.record("a wrong secret was taken")
                } catch { #expect((error as? JadeError)?.code == .invalidArgument, "\(error)") }
            }
            try await backups(bucket("checks", prefix: "backups-of/jade"))
        }
    }

    private func backups(_ store: S3ObjectStore) async throws {
        var random = SeededRandom(seed: 1)
        let folder = try TemporaryFolder()
        let engine = try Engine(
            EngineConfiguration(dataDirectory: folder.path("data"), searchThreads: 1, buildThreads: 1, backupBytesPerSecond: 0),
            logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }, objectStores: ["s3": store])
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 64, metric: .dot, index: IndexSettings(kind: .flat)))
        func fill(_ range: Range<Int>) async throws {
            _ = try await engine.upsert(range.map { VectorRecord(id: VectorID(UInt64($0)), values: random.vector(64)) }, into: "docs")
        }
        for start in stride(from: 0, to: 40_000, by: 5_000) { try await fill(start..<start + 5_000) }
        let first = try await ended(engine, engine.createBackup(BackupRequest(database: "docs")))
        #expect(first.state == .succeeded, "\(first)")
        try await fill(40_000..<40_010)
        let second = try await ended(engine, engine.createBackup(BackupRequest(database: "docs")))
        #expect(second.storedBytes < first.storedBytes, "\(second)")
        #expect(try await ended(engine, engine.verifyBackup(second.backup ?? "", in: nil)).state == .succeeded)
        _ = try await engine.deleteBackup(first.backup ?? "", in: nil)
        let restored = try await ended(engine, engine.restoreBackup(RestoreRequest(backup: second.backup, database: "again")))
        #expect(restored.state == .succeeded, "\(restored)")
        #expect(try await engine.count(matching: nil, in: "again") == 40_010)
        let ids = (0..<10).map { VectorID(UInt64($0 * 4_001)) }
        let (old, new) = (try await engine.vectors(ids, in: "docs", parts: .values), try await engine.vectors(ids, in: "again", parts: .values))
        #expect(old == new)
        _ = try await engine.deleteBackup(second.backup ?? "", in: nil)
        #expect(try await store.listAll("").isEmpty)
        engine.shutdown()
    }

    private func ended(_ engine: Engine, _ task: BackupTask) async throws -> BackupTask {
        try await poll("task \(task.kind)", seconds: 120) {
            let now = try await engine.backupTask(task.id)
            return now.state == .running ? nil : now
        }
    }
}
