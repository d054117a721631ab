import Foundation
import JadeTestSupport
import Testing

@Suite("Clients that are not ours")
struct ForeignClientTests {
    @Test(
        "Python's grpcio with stubs from proto/",
        .enabled(if: FileManager.default.isExecutableFile(atPath: Foreign.python), "there is no grpcio: scripts/setup-grpc.sh installs it"))
    func grpcio() async throws {
        try await Foreign.serve { address, folder in
            let outcome = try await Foreign.run(Foreign.python, [Foreign.source("grpc_client.py"), address], in: folder)
            #expect(outcome == "done\n")
        }
    }

    /// 5,000 calls one after the other, streams in both directions: all over the connection that the client began with.
    @Test(
        "grpc-go, with its PING for nearly every answer", .timeLimit(.minutes(10)),
        .enabled(if: Foreign.go != nil, "there is no grpc-go: apt-get install golang-go golang-google-grpc-dev"))
    func grpcGo() async throws {
        let go = try #require(Foreign.go)
        try await Foreign.serve { address, folder in
            let program = folder.path("grpc_client")
            let environment = ["GO111MODULE": "off", "GOPATH": Foreign.goPath, "GOCACHE": Foreign.root.appendingPathComponent(".build/go-cache").path]
            let built = try await Foreign.run(go, ["build", "-o", program, Foreign.source("grpc_client.go")], environment, in: folder)
            #expect(built.isEmpty)
            let outcome = try await Foreign.run(program, [address], in: folder)
            #expect(outcome.hasSuffix("done\n"), "\(outcome)")
        }
    }
}

/// Programs in other languages, and a server for them.
private enum Foreign {
    static let root = InterfaceTests.root
    /// Installed by scripts/setup-grpc.sh.
    static let python = root.appendingPathComponent(".build/grpc/bin/python").path
    /// Where Debian's packages put Go's libraries.
    static let goPath = "/usr/share/gocode"

    /// The compiler, where grpc-go is there too.
    static let go: String? = {
        let paths = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        let files = FileManager.default
        guard files.fileExists(atPath: goPath + "/src/google.golang.org/grpc") else { return nil }
        return paths.map { "\($0)/go" }.first(where: files.isExecutableFile)
    }()

    static func source(_ name: String) -> String { root.appendingPathComponent("Tests/ForeignClients/\(name)").path }

    /// A server of its own process, which has to end well and to log no error.
    static func serve(_ body: (_ address: String, TemporaryFolder) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let portFile = folder.path("grpc-port")
        let server = try RunningServer(launchedIn: folder, settings: ["--grpc-port", "0", "--grpc-port-file", portFile])
        let port = try await poll("the gRPC port") { try? String(contentsOfFile: portFile, encoding: .utf8) }.filter(\.isNumber)
        try await body("127.0.0.1:\(port)", folder)
        #expect(try await server.stop() == 0)
        #expect(!server.logged.contains("error"))
    }

    /// What a program printed, its errors with it.
    static func run(
        _ program: String, _ arguments: [String], _ environment: [String: String] = [:], in folder: TemporaryFolder
    ) async throws -> String {
        let output = folder.path("\(UUID().uuidString).out")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, given in given }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        // Both write to one place; each is closed by itself.
        (process.standardOutput, process.standardError) = (handle, FileHandle(fileDescriptor: dup(handle.fileDescriptor), closeOnDealloc: true))
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.start() } catch { continuation.resume() }
        }
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}
