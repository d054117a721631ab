import Foundation
import JadeTestSupport
import Testing

@Suite("Clients that are not ours")
struct ForeignClientTests {
    static let root = InterfaceTests.root

    @Test(
        "Python's grpcio with stubs from proto/",
        .enabled(if: FileManager.default.isExecutableFile(atPath: Interpreter.path), "there is no grpcio: scripts/setup-grpc.sh installs it"))
    func grpcio() async throws {
        let folder = try TemporaryFolder()
        let portFile = folder.path("grpc-port")
        let server = try RunningServer(launchedIn: folder, settings: ["--grpc-port", "0", "--grpc-port-file", portFile])
        let port = try await poll("the gRPC port") { try? String(contentsOfFile: portFile, encoding: .utf8) }.filter(\.isNumber)
        let script = Self.root.appendingPathComponent("Tests/ForeignClients/grpc_client.py").path
        let outcome = try await Self.run(script, "127.0.0.1:\(port)", in: folder)
        #expect(outcome == "done\n")
        #expect(try await server.stop() == 0)
        #expect(!server.logged.contains("error"))
    }

    /// What the script printed, its errors behind.
    private static func run(_ script: String, _ address: String, in folder: TemporaryFolder) async throws -> String {
        let output = folder.path("python.out")
        _ = FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Interpreter.path)
        process.arguments = [script, address]
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        (process.standardOutput, process.standardError) = (handle, handle)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume() }
        }
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}

/// Installed by scripts/setup-grpc.sh.
private enum Interpreter {
    static let path = InterfaceTests.root.appendingPathComponent(".build/grpc/bin/python").path
}
